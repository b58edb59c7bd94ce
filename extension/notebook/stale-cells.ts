import { basename } from "node:path";
import * as vscode from "vscode";
import type { StaleCause, StaleEvent, StalenessMode } from "../../kernel/protocol/staleness.ts";
import { cellId, codeIndex, isTypeScriptNotebook } from "./metadata.ts";
import type { Sessions } from "./sessions.ts";

/** What people call the ways to treat stale cells. */
export const stalenessNames: Readonly<Record<StalenessMode, { readonly name: string; readonly meaning: string }>> = {
  off: { name: "Leave them", meaning: "Nothing is said: cells stand as they ran" },
  mark: { name: "Mark them", meaning: "Below the cell, with what changed" },
  run: { name: "Run them again", meaning: "At once, in the order of the notebook" },
};

/** Marks below cells whose inputs have changed since they ran, with the reason; a click runs all of them. */
export function showStaleCells(sessions: Sessions): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    sessions.onDidChangeStale(() => changed.fire()),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider("jupyter-notebook", {
      onDidChangeCellStatusBarItems: changed.event,
      provideCellStatusBarItems(cell) {
        const stale = isTypeScriptNotebook(cell.notebook) ? sessions.find(cell.notebook)?.stale : undefined;
        if (!stale) return [];
        const id = cellId(cell);
        const causes = stale.cells.find((one) => one.cellId === id)?.causes ?? [];
        const edited = stale.edited.includes(id);
        if (causes.length === 0 && !edited) return [];
        return [causes.length > 0 ? staleItem(cell.notebook, causes) : editedItem()];
      },
    }),
  );
}

function staleItem(notebook: vscode.NotebookDocument, causes: readonly StaleCause[]): vscode.NotebookCellStatusBarItem {
  const reasons = causes.map((cause) => reasonOf(notebook, cause));
  const more = reasons.length > 1 ? ` and ${reasons.length - 1} more` : "";
  const text = `$(history) stale: ${reasons[0]}${more}`;
  const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  item.tooltip = `This cell would not read the same if it ran now:\n${reasons.map((one) => `· ${one}`).join("\n")}\nClick to run all stale cells in order.`;
  item.accessibilityInformation = { label: `Stale: ${reasons.join(", ")}` };
  item.command = { command: "assay.runStaleCells", title: "Run Stale Cells" };
  item.priority = 10;
  return item;
}

function editedItem(): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem("$(edit) edited", vscode.NotebookCellStatusBarAlignment.Left);
  item.tooltip = "The text of this cell has changed since it ran: its outputs and its record are of the text before.";
  item.accessibilityInformation = { label: "Edited since it ran" };
  item.priority = 9;
  return item;
}

/** Why a cell is stale, in a few words: "x changed in cell 3". */
export function reasonOf(notebook: vscode.NotebookDocument, cause: StaleCause): string {
  if (cause.kind === "module") return `${basename(cause.path)} changed`;
  const names = cause.names.slice(0, 3).join(", ") + (cause.names.length > 3 ? ", …" : "");
  const cell = notebook.getCells().find((one) => cellId(one) === cause.cellId);
  const where = cell ? `cell ${codeIndex(cell)}` : "a cell that is gone";
  if (cause.kind === "removed" || !cell)
    return names === "" ? "a cell above is gone" : `the cell that wrote ${names} is gone`;
  if (cause.kind === "edited")
    return names === "" ? `${where} was edited` : `${where} was edited, which writes ${names}`;
  return names === "" ? `${where} ran again` : `${names} changed in ${where}`;
}

/** The stale cells of a notebook that still exist, in its order. */
export function staleCellsOf(notebook: vscode.NotebookDocument, stale: StaleEvent | undefined): vscode.NotebookCell[] {
  const ids = new Set(stale?.cells.map((one) => one.cellId));
  return notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code && ids.has(cellId(cell)));
}
