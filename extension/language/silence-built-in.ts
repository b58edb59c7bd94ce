import * as vscode from "vscode";
import { isTypeScriptNotebook, notebookPath } from "../notebook/metadata.ts";

/** The part of the built-in TypeScript extension's interface that is used here. */
interface TypeScriptExtension {
  getAPI(version: 0): { configurePlugin(id: string, configuration: unknown): void } | undefined;
}

/**
 * Tells the plugin in VS Code's own TypeScript server which notebooks are ours. It knows nothing of imports between cells or of the
 * kernel's rules, so in their cells it keeps silent and every answer comes once, from the kernel's language service.
 */
export function silenceBuiltIn(): vscode.Disposable {
  let told = "";
  const tell = async () => {
    const notebooks = vscode.workspace.notebookDocuments.filter(isTypeScriptNotebook).map(notebookPath).sort();
    if (JSON.stringify(notebooks) === told) return;
    const extension = vscode.extensions.getExtension<TypeScriptExtension>("vscode.typescript-language-features");
    if (!extension) return;
    const face = extension.isActive ? extension.exports : await extension.activate();
    told = JSON.stringify(notebooks);
    face.getAPI(0)?.configurePlugin("assay-typescript-plugin", { notebooks });
  };
  const quietly = () => void Promise.resolve(tell()).catch(() => {});
  quietly();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(quietly),
    vscode.workspace.onDidCloseNotebookDocument(quietly),
  );
}
