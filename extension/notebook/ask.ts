import * as vscode from "vscode";
import type { SessionEvent } from "../../kernel/protocol/messages.ts";

/** Puts a cell's question to the person. Null when they turn it away. */
export async function ask(
  question: Extract<SessionEvent, { type: "ask" }>,
  notebook: vscode.NotebookDocument,
): Promise<string | null> {
  const title = vscode.workspace.asRelativePath(notebook.uri);
  if (question.kind === "confirm") {
    const answer = await vscode.window.showInformationMessage(
      question.message,
      { modal: true, detail: title },
      "Yes",
      "No",
    );
    return answer === undefined ? null : answer === "Yes" ? "y" : "n";
  }
  const answer = await vscode.window.showInputBox({
    title,
    prompt: question.message,
    password: question.kind === "secret",
    ignoreFocusOut: true,
  });
  return answer ?? null;
}
