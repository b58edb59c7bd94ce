import type {
  CellDiagnostic,
  CompletionDetails,
  Completions,
  Hover,
  LanguageCell,
  LanguageService,
  Location,
  SignatureHelp,
} from "../protocol/language.ts";
import { type CellFile, CellFiles } from "./cell-files.ts";
import { ts } from "./compiler.ts";
import { completionDetailsAt, completionsAt } from "./completions.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { sharedDocuments } from "./document-registry.ts";
import { hoverAt, signatureHelpAt } from "./hover.ts";
import { definitionAt, referencesAt } from "./navigation.ts";
import { notebookHost } from "./notebook-host.ts";

export interface NotebookServiceOptions {
  /** Absolute folder of the notebook: where its imports start. */
  readonly folder: string;
  /** File with the types of "assay" (`.ts` or `.d.ts`). Without it the module is unknown. */
  readonly assayTypes?: string;
}

/** {@link LanguageService} whose answers come at once, in this thread. */
export type NotebookService = {
  readonly [Name in keyof LanguageService]: (
    ...args: Parameters<LanguageService[Name]>
  ) => Awaited<ReturnType<LanguageService[Name]>>;
};

/** The compiler writes paths with slashes on every system. */
const slashed = (path: string) => path.replaceAll("\\", "/");

/** Opens the language service of one notebook in this thread. Loads the TypeScript compiler. */
export function openNotebookService({ folder, assayTypes }: NotebookServiceOptions): NotebookService {
  const cells = new CellFiles(slashed(folder));
  const host = notebookHost(slashed(folder), cells, assayTypes && slashed(assayTypes));
  const service = ts.createLanguageService(host, sharedDocuments().registry, ts.LanguageServiceMode.Semantic);

  /** Asks about a cell; unknown cells and places outside the text get the empty answer. */
  function at<T>(cellId: string, offset: number, empty: T, ask: (file: CellFile) => T): T {
    const file = cells.byId(cellId);
    if (!file || offset < 0 || offset > file.source.length) return empty;
    host.refresh();
    return ask(file);
  }

  return {
    updateCells: (list: readonly LanguageCell[]): void => cells.update(list),
    completions: (id, offset): Completions =>
      at<Completions>(id, offset, { items: [], members: false }, (file) => completionsAt(service, cells, file, offset)),
    completionDetails: (id, offset, name): CompletionDetails | null =>
      at<CompletionDetails | null>(id, offset, null, (file) => completionDetailsAt(service, cells, file, offset, name)),
    hover: (id, offset): Hover | null =>
      at<Hover | null>(id, offset, null, (file) => hoverAt(service, cells, file, offset)),
    signatureHelp: (id, offset): SignatureHelp | null =>
      at<SignatureHelp | null>(id, offset, null, (file) => signatureHelpAt(service, cells, file, offset)),
    definition: (id, offset): readonly Location[] =>
      at<readonly Location[]>(id, offset, [], (file) => definitionAt(service, cells, file, offset)),
    references: (id, offset): readonly Location[] =>
      at<readonly Location[]>(id, offset, [], (file) => referencesAt(service, cells, file, offset)),
    diagnostics: (id): readonly CellDiagnostic[] =>
      at<readonly CellDiagnostic[]>(id, 0, [], (file) => diagnosticsOf(service, cells, file)),
    dispose: () => service.dispose(),
  };
}
