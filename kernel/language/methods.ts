import type { LanguageMethods, LanguageService } from "../protocol/language.ts";
import { createLanguageService, type LanguageServiceOptions } from "./client.ts";

type Handlers = {
  readonly [Name in keyof LanguageMethods]: (
    params: LanguageMethods[Name]["params"],
  ) => Promise<LanguageMethods[Name]["result"]>;
};

/** What answers the JSON-RPC methods of a session. */
export interface LanguageHandlers {
  /** By full name, `language/<name>`. */
  readonly handlers: Readonly<Record<string, (params: never) => Promise<unknown>>>;
  dispose(): Promise<void>;
}

/** Handlers over the language service of the notebook that `options` tells of; a new folder starts a new service. */
export function languageMethods(options: () => LanguageServiceOptions): LanguageHandlers {
  let opened: LanguageService | undefined;
  let folder: string | undefined;
  const service = () => {
    const wanted = options();
    if (opened && wanted.folder === folder) return opened;
    // The notebook was saved in another folder.
    void opened?.dispose().catch(() => {});
    folder = wanted.folder;
    opened = createLanguageService(wanted);
    return opened;
  };
  const handlers: Handlers = {
    updateCells: async ({ cells }) => {
      await service().updateCells(cells);
      return null;
    },
    completions: ({ cellId, offset }) => service().completions(cellId, offset),
    completionDetails: ({ cellId, offset, name }) => service().completionDetails(cellId, offset, name),
    hover: ({ cellId, offset }) => service().hover(cellId, offset),
    signatureHelp: ({ cellId, offset }) => service().signatureHelp(cellId, offset),
    definition: ({ cellId, offset }) => service().definition(cellId, offset),
    references: ({ cellId, offset }) => service().references(cellId, offset),
    diagnostics: ({ cellId }) => service().diagnostics(cellId),
  };
  return {
    handlers: Object.fromEntries(Object.entries(handlers).map(([name, handle]) => [`language/${name}`, handle])),
    async dispose() {
      await opened?.dispose();
      opened = undefined;
    },
  };
}
