import * as vscode from "vscode";
import { isTypeScriptNotebook } from "./metadata.ts";
import type { Sessions } from "./sessions.ts";

/** The controller's id, as it stands in VS Code's memory of chosen kernels. */
export const controllerId = "assay-typescript";

/** Makes the kernel that VS Code offers for notebooks. It runs nothing by itself: `bindController` connects it with the sessions. */
export function createController(): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController(controllerId, "jupyter-notebook", "TypeScript (Assay)");
  controller.description = "TypeScript with records, on Node";
  controller.detail = "Every run becomes a record that can be replayed";
  controller.supportedLanguages = ["typescript", "javascript"];
  controller.supportsExecutionOrder = true;
  return controller;
}

/** Lets the controller run cells in their notebook's session, and prefers it for TypeScript notebooks. Their kernel process starts when they are looked at. */
export function bindController(controller: vscode.NotebookController, sessions: Sessions): vscode.Disposable {
  controller.executeHandler = (cells, notebook) => sessions.of(notebook).run(cells);
  controller.interruptHandler = async (notebook) => sessions.find(notebook)?.interrupt();
  const prefer = (notebook: vscode.NotebookDocument) => {
    if (isTypeScriptNotebook(notebook)) {
      controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    }
  };
  const prepare = (editor: vscode.NotebookEditor | undefined) => {
    if (editor && isTypeScriptNotebook(editor.notebook)) sessions.of(editor.notebook).prepare();
  };
  vscode.workspace.notebookDocuments.forEach(prefer);
  prepare(vscode.window.activeNotebookEditor);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(prefer),
    vscode.window.onDidChangeActiveNotebookEditor(prepare),
  );
}

/**
 * Makes the controller the chosen kernel of the notebook that is looked at. VS Code does so by itself only when a cell is run with its own
 * means; a controller that is merely preferred may not run cells.
 */
export async function chooseController(extension: string): Promise<void> {
  await vscode.commands.executeCommand("notebook.selectKernel", { id: controllerId, extension });
}
