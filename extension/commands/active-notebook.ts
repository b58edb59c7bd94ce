import * as vscode from "vscode";
import { isTypeScriptNotebook } from "../notebook/metadata.ts";
import type { NotebookSession } from "../notebook/notebook-session.ts";
import type { Sessions } from "../notebook/sessions.ts";

/** The notebook that commands mean, if it is one of ours; else it says so to the person. */
export function activeNotebook(): vscode.NotebookDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook && isTypeScriptNotebook(notebook)) return notebook;
  void vscode.window.showInformationMessage("Open a TypeScript notebook first: this command acts on the active one.");
  return undefined;
}

/** The session of the notebook that commands mean, if its kernel was started; else it says so to the person. */
export function activeSession(sessions: Sessions): NotebookSession | undefined {
  const notebook = activeNotebook();
  const session = notebook && sessions.find(notebook);
  if (session && session.standing.state !== "none") return session;
  if (notebook)
    void vscode.window.showInformationMessage("The kernel of this notebook is not started: run a cell first.");
  return undefined;
}
