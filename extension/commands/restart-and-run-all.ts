import * as vscode from "vscode";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** A fresh kernel, then every code cell from the top. */
export async function restartAndRunAll(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  const session = sessions.of(notebook);
  await session.restart();
  session.run(notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code));
}
