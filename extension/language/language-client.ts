import { dirname } from "node:path";
import * as vscode from "vscode";
import type { LanguageCell, LanguageMethods } from "../../kernel/protocol/language.ts";
import { cellId, isTypeScriptNotebook, notebookPath } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";

/** A cell of one of our notebooks, found by its document. */
export interface FoundCell {
  readonly notebook: vscode.NotebookDocument;
  readonly cell: vscode.NotebookCell;
}

type Result<K extends keyof LanguageMethods> = LanguageMethods[K]["result"];

/** Asks the language service in the notebook's kernel, which gets the cells first whenever they have changed. */
export class LanguageClient implements vscode.Disposable {
  readonly #sessions: Sessions;
  /** What the service of each notebook was told last: the kernel process, and the cells. */
  readonly #told = new WeakMap<vscode.NotebookDocument, { generation: number; cells: readonly LanguageCell[] }>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** The cell of a document, if it is a code cell of a TypeScript notebook. */
  find(document: vscode.TextDocument): FoundCell | undefined {
    for (const notebook of vscode.workspace.notebookDocuments) {
      const cell = notebook.getCells().find((one) => one.document === document);
      if (cell) return isTypeScriptNotebook(notebook) ? { notebook, cell } : undefined;
    }
    return undefined;
  }

  /** Asks about a cell. Undefined when there is no answer, or nobody waits for it any more. */
  async ask<K extends Exclude<keyof LanguageMethods, "updateCells">>(
    method: K,
    { notebook, cell }: FoundCell,
    more: Omit<LanguageMethods[K]["params"], "cellId">,
    token?: vscode.CancellationToken,
  ): Promise<Result<K> | undefined> {
    const session = this.#sessions.of(notebook);
    try {
      const first = this.#tell(notebook);
      const answer = session.request<Result<K>>(`language/${method}`, { cellId: cellId(cell), ...more });
      await first;
      const result = await answer;
      return token?.isCancellationRequested ? undefined : result;
    } catch {
      // A kernel that ends, or cannot start, has no opinion on the language; running a cell says why.
      return undefined;
    }
  }

  /** Tells the service the cells, when it does not know them as they are. */
  async #tell(notebook: vscode.NotebookDocument): Promise<void> {
    const session = this.#sessions.of(notebook);
    const cells = codeCells(notebook).map((cell) => ({ id: cellId(cell), source: cell.document.getText() }));
    const told = this.#told.get(notebook);
    const knows = told?.generation === session.generation && session.generation > 0;
    if (knows && same(told.cells, cells)) return;
    const asked: Promise<unknown>[] = [];
    if (!knows) asked.push(session.request("language/open", { folder: dirname(notebookPath(notebook)) }));
    asked.push(session.request("language/updateCells", { cells }));
    this.#told.set(notebook, { generation: Math.max(1, session.generation), cells });
    await Promise.all(asked);
  }

  dispose(): void {}
}

/** The TypeScript cells of a notebook. */
export function codeCells(notebook: vscode.NotebookDocument): vscode.NotebookCell[] {
  return notebook
    .getCells()
    .filter((cell) => cell.kind === vscode.NotebookCellKind.Code && cell.document.languageId === "typescript");
}

function same(a: readonly LanguageCell[], b: readonly LanguageCell[]): boolean {
  return a.length === b.length && a.every((cell, i) => cell.id === b[i]!.id && cell.source === b[i]!.source);
}
