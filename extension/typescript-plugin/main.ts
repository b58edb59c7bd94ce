import type ts from "typescript";

/*
 * A plugin of VS Code's own TypeScript server. In the cells of the notebooks that the extension names it keeps the server silent: Assay's kernel
 * answers there, and answers must not come twice. Elsewhere it changes nothing.
 */

interface Configuration {
  readonly notebooks?: readonly string[];
}

let notebooks: readonly string[] = [];

function isOurs(fileName: string): boolean {
  if (!fileName.includes("vscode-notebook-cell")) return false;
  const path = decodeURI(fileName).replaceAll("\\", "/");
  return notebooks.some((notebook) => path.includes(notebook.replaceAll("\\", "/").replace(/^\/?/, "/")));
}

/** What the server answers of a cell that is not its own: nothing, in the shape that its callers expect. */
const silences: Partial<Record<keyof ts.LanguageService, unknown>> = {
  getCompletionsAtPosition: undefined,
  getCompletionEntryDetails: undefined,
  getQuickInfoAtPosition: undefined,
  getSignatureHelpItems: undefined,
  getDefinitionAtPosition: undefined,
  getDefinitionAndBoundSpan: undefined,
  getReferencesAtPosition: undefined,
  findReferences: undefined,
  getSemanticDiagnostics: [],
  getSyntacticDiagnostics: [],
  getSuggestionDiagnostics: [],
};

function create(info: ts.server.PluginCreateInfo): ts.LanguageService {
  const original = info.languageService;
  notebooks = (info.config as Configuration).notebooks ?? notebooks;
  return new Proxy(original, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== "function" || !(name in silences)) return value;
      return (fileName: string, ...rest: unknown[]) =>
        isOurs(fileName)
          ? silences[name as keyof ts.LanguageService]
          : Reflect.apply(value, target, [fileName, ...rest]);
    },
  });
}

/** Called by the TypeScript server. */
export default function plugin(): ts.server.PluginModule {
  return {
    create,
    onConfigurationChanged(configuration: Configuration) {
      notebooks = configuration.notebooks ?? [];
    },
  };
}
