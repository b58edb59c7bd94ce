import * as vscode from "vscode";
import { chooseController } from "../notebook/controller.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** A fresh kernel, then every code cell from the top. */
export async function restartAndRunAll(sessions: Sessions, extensionId: string): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  await chooseController(extensionId);
  const session = sessions.of(notebook);
  await session.restart();
  session.run(notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code));
}
