import { dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

/** Where a notebook's store is to be: the folder of the setting, if there is one, and the root of the workspace that holds the notebook. */
export interface StoreSetting {
  readonly store?: string;
  readonly workspace?: string;
}

/** The setting as it holds for a notebook, or for the first folder of the workspace. A relative folder starts at the workspace's root. */
export function storeSetting(notebook: vscode.Uri | undefined): StoreSetting {
  const folders = vscode.workspace.workspaceFolders;
  const saved = notebook !== undefined && notebook.scheme !== "untitled";
  const workspace = (saved ? vscode.workspace.getWorkspaceFolder(notebook) : folders?.[0])?.uri.fsPath;
  const store = vscode.workspace.getConfiguration("assay", notebook).get<string>("store", "");
  const root = workspace ?? (saved ? dirname(notebook.fsPath) : undefined);
  const chosen = store === "" || isAbsolute(store) || root === undefined ? store : join(root, store);
  return { ...(chosen === "" ? {} : { store: chosen }), ...(workspace === undefined ? {} : { workspace }) };
}
