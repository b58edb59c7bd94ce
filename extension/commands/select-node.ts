import * as vscode from "vscode";
import { oldestNode } from "../kernel/find-node.ts";

/** Lets the person choose the Node that runs the kernels started from now on. */
export async function selectNode(): Promise<void> {
  const find = "Choose an executable…";
  const automatic = "Find one automatically";
  const choice = await vscode.window.showQuickPick(
    [
      { label: automatic, detail: "The first on PATH that is new enough, else VS Code's own runtime" },
      { label: find, detail: `Node ${oldestNode} or newer` },
    ],
    { title: "Node for Assay's kernels" },
  );
  if (!choice) return;
  const configuration = vscode.workspace.getConfiguration("assay");
  if (choice.label === automatic) {
    await configuration.update("node.path", undefined, vscode.ConfigurationTarget.Global);
    return;
  }
  const [file] = (await vscode.window.showOpenDialog({ title: "Node executable", canSelectMany: false })) ?? [];
  if (file) await configuration.update("node.path", file.fsPath, vscode.ConfigurationTarget.Global);
}
