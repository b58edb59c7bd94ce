import * as vscode from "vscode";
import { registerCommands } from "./commands/index.ts";
import { findNode } from "./kernel/find-node.ts";
import { registerLanguage } from "./language/index.ts";
import { answerRenderers } from "./notebook/artifacts.ts";
import { bindController, createController } from "./notebook/controller.ts";
import { Sessions } from "./notebook/sessions.ts";
import { showStatusBar } from "./notebook/status-bar.ts";

/** Called by VS Code when the extension is first needed. An untrusted workspace gets no kernel until it is trusted. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.workspace.isTrusted) start(context);
  else context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => start(context)));
}

function start({ subscriptions, extensionUri }: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Assay", { log: true });
  const controller = createController();
  const sessions = new Sessions({
    controller,
    log,
    entry: vscode.Uri.joinPath(extensionUri, "dist/kernel/main.js").fsPath,
    findRuntime: () =>
      findNode({
        setting: vscode.workspace.getConfiguration("assay").get<string>("node.path", ""),
        path: process.env.PATH ?? "",
        extensionFolder: extensionUri.fsPath,
        host: { command: process.execPath, version: process.versions.node },
      }),
  });
  subscriptions.push(
    log,
    controller,
    sessions,
    bindController(controller, sessions),
    answerRenderers(sessions, log),
    showStatusBar(sessions),
    registerLanguage(sessions),
    registerCommands({ sessions, log, extensionUri }),
  );
}
