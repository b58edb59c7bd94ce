import * as vscode from "vscode";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Runs the code cells from the top to the selected one, the selected one included. */
export function runToHere(sessions: Sessions): void {
  const notebook = activeNotebook();
  const end = vscode.window.activeNotebookEditor?.selection.end;
  if (!notebook || end === undefined) return;
  const cells = notebook.getCells(new vscode.NotebookRange(0, end));
  sessions.of(notebook).run(cells.filter((cell) => cell.kind === vscode.NotebookCellKind.Code));
}
