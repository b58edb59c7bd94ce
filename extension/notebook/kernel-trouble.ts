import * as vscode from "vscode";
import type { NoNodeError } from "../kernel/find-node.ts";
import { codeIndex } from "./metadata.ts";

/** What runs cells of a notebook. */
interface Runner {
  readonly notebook: vscode.NotebookDocument;
  run(cells: readonly vscode.NotebookCell[]): void;
}

/**
 * Tells that the process that ran cells ended, and how. One click runs the cells above the one that ran, which brings the variables back without
 * repeating what failed.
 */
export async function offerToGoOn(
  runner: Runner,
  running: vscode.NotebookCell | undefined,
  how: string,
): Promise<void> {
  const { notebook } = runner;
  const above = cellsAbove(notebook, running);
  const goOn = running ? "Run Cells Above" : "Run All Cells";
  const log = "Show Log";
  const where = running ? `while cell ${codeIndex(running)} ran` : "while no cell ran";
  const name = notebook.uri.path.split("/").at(-1);
  const choice = await vscode.window.showErrorMessage(
    `The kernel of ${name} crashed ${where}: ${how}. Variables are lost; a new process is ready.`,
    ...(above.length > 0 ? [goOn, log] : [log]),
  );
  if (choice === goOn && !notebook.isClosed) runner.run(above);
  if (choice === log) await vscode.commands.executeCommand("assay.showLog");
}

/** The code cells above one; all of them where there is none. */
export function cellsAbove(
  notebook: vscode.NotebookDocument,
  cell: vscode.NotebookCell | undefined,
): vscode.NotebookCell[] {
  return notebook
    .getCells(new vscode.NotebookRange(0, Math.max(0, cell?.index ?? notebook.cellCount)))
    .filter((one) => one.kind === vscode.NotebookCellKind.Code && one.document.getText().trim() !== "");
}

/** Tells that no Node fits, and leads to where one is chosen. */
export async function offerNode(error: NoNodeError): Promise<void> {
  const select = "Select Node";
  const get = "Get Node";
  const choice = await vscode.window.showErrorMessage(error.message, select, get);
  if (choice === select) await vscode.commands.executeCommand("assay.selectNode");
  if (choice === get) await vscode.env.openExternal(vscode.Uri.parse("https://nodejs.org/en/download"));
}
