import * as vscode from "vscode";
import { isTypeScriptNotebook } from "../notebook/metadata.ts";

/** The notebook that commands mean, if it is one of ours; else it says so to the person. */
export function activeNotebook(): vscode.NotebookDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook && isTypeScriptNotebook(notebook)) return notebook;
  void vscode.window.showInformationMessage("Open a TypeScript notebook first: this command acts on the active one.");
  return undefined;
}
