import * as vscode from "vscode";

/** Opens the first steps on VS Code's welcome page. */
export async function openWalkthrough(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${extensionId}#firstSteps`, false);
}
