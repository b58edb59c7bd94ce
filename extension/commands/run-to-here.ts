import * as vscode from "vscode";
import { chooseController } from "../notebook/controller.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Runs the code cells from the top to the selected one, the selected one included. */
export async function runToHere(sessions: Sessions, extensionId: string): Promise<void> {
  const notebook = activeNotebook();
  const end = vscode.window.activeNotebookEditor?.selection.end;
  if (!notebook || end === undefined) return;
  await chooseController(extensionId);
  const cells = notebook.getCells(new vscode.NotebookRange(0, end));
  sessions.of(notebook).run(cells.filter((cell) => cell.kind === vscode.NotebookCellKind.Code));
}
