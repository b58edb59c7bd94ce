import * as vscode from "vscode";
import type { StorePlace } from "../../kernel/protocol/record-methods.ts";

/** Where to look for the store: from the active notebook's folder, else from the workspace. Undefined where neither is on disk. */
export function storePlace(): StorePlace | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook.uri;
  const from =
    notebook && notebook.scheme !== "untitled"
      ? vscode.Uri.joinPath(notebook, "..")
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!from) return undefined;
  const store = vscode.workspace.getConfiguration("assay").get<string>("store", "");
  return { from: from.fsPath, ...(store === "" ? {} : { store }) };
}
