import type ts from "typescript";

/*
 * A plugin of VS Code's own TypeScript server. In the cells of the notebooks that the extension names it keeps the server silent: Assay's kernel
 * answers there, and answers must not come twice. Elsewhere it changes nothing.
 */

interface Configuration {
  readonly notebooks?: readonly string[];
}

/** The notebooks that are ours; undefined until the extension has told them. */
let notebooks: readonly string[] | undefined;
/** `markAsDirty` stands in no declaration; without it a project hears of a change with the next edit. */
const projects = new Set<ts.server.Project & { markAsDirty?(): void }>();

/** Whether a file is a cell of ours. Until we know, a cell of any notebook that Jupyter knows may be. */
function isOurs(fileName: string): boolean {
  if (!fileName.includes("vscode-notebook-cell")) return false;
  if (notebooks === undefined) return fileName.includes(".ipynb");
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
  spareLibraries(info.project);
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

/**
 * Lets a project of nothing but our cells do without the libraries of the language, and without looking for types of packages: reading and checking
 * them takes the server more than a second as a notebook opens, for answers that are not asked of it. It still colours the cells.
 */
function spareLibraries(project: ts.server.Project): void {
  const { getCompilationSettings, getTypeAcquisition, close } = project;
  const isSpared = () => {
    const files = project.getRootFiles();
    return files.length > 0 && files.every(isOurs);
  };
  projects.add(project);
  project.getCompilationSettings = () => {
    const settings = getCompilationSettings.call(project);
    return isSpared() ? { ...settings, noLib: true, types: [] } : settings;
  };
  project.getTypeAcquisition = () => {
    const acquisition = getTypeAcquisition.call(project);
    return isSpared() ? { ...acquisition, enable: false } : acquisition;
  };
  project.close = () => {
    projects.delete(project);
    close.call(project);
  };
}

/** Called by the TypeScript server. */
export default function plugin(): ts.server.PluginModule {
  return {
    create,
    onConfigurationChanged(configuration: Configuration) {
      notebooks = configuration.notebooks ?? [];
      for (const project of projects) project.markAsDirty?.();
    },
  };
}
