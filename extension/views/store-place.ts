import * as vscode from "vscode";
import type { StorePlace } from "../../kernel/protocol/record-methods.ts";
import { storeSetting } from "../notebook/store-setting.ts";

/** Where to look for the store: from the active notebook's folder, else from the workspace. Undefined where neither is on disk. */
export function storePlace(): StorePlace | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook.uri;
  const from =
    notebook && notebook.scheme !== "untitled"
      ? vscode.Uri.joinPath(notebook, "..")
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  return from && { from: from.fsPath, ...storeSetting(notebook) };
}
