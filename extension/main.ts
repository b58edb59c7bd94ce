import * as vscode from "vscode";
import { registerCommands } from "./commands/index.ts";
import { findNode } from "./kernel/find-node.ts";
import type { StartProcess } from "./kernel/kernel-process.ts";
import { Services } from "./kernel/services.ts";
import { registerLanguage } from "./language/index.ts";
import { answerRenderers, rendererIds } from "./notebook/artifacts.ts";
import { bindController, createController } from "./notebook/controller.ts";
import { showRecordLinks } from "./notebook/record-link.ts";
import { Sessions } from "./notebook/sessions.ts";
import { showStaleCells } from "./notebook/stale-cells.ts";
import { showStatusBar } from "./notebook/status-bar.ts";
import { DataSets } from "./views/data-sets.ts";
import { Experiments } from "./views/experiments.ts";
import { Models } from "./views/models.ts";
import { provideRecordDocuments } from "./views/record-documents.ts";
import { Variables } from "./views/variables.ts";

/** Called by VS Code when the extension is first needed. An untrusted workspace gets no kernel until it is trusted. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.workspace.isTrusted) start(context);
  else context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => start(context)));
}

/** Loads what talks to kernels with the first of them, so that the extension itself starts fast. */
const startKernel: StartProcess = async (options) => (await import("./kernel/kernel-process.ts")).startProcess(options);

function start({ subscriptions, extensionUri, extension }: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Assay", { log: true });
  const controller = createController();
  const entry = vscode.Uri.joinPath(extensionUri, "dist/kernel/main.js").fsPath;
  const nodeSearch = () => ({
    setting: vscode.workspace.getConfiguration("assay").get<string>("node.path", ""),
    path: process.env.PATH ?? "",
    extensionFolder: extensionUri.fsPath,
    host: { command: process.execPath, version: process.versions.node },
  });
  const findRuntime = () => findNode(nodeSearch());
  const sessions = new Sessions({ controller, log, entry, findRuntime, start: startKernel });
  const services = new Services({ log, entry, findRuntime, start: startKernel, folder: extensionUri.fsPath });
  const experiments = new Experiments(services, sessions);
  const dataSets = new DataSets(services, sessions);
  const models = new Models(extensionUri.fsPath, sessions);
  const variables = new Variables(sessions);
  subscriptions.push(
    log,
    controller,
    sessions,
    services,
    experiments,
    bindController(controller, sessions),
    answerRenderers(rendererIds(extension.packageJSON), sessions, log),
    showStatusBar(sessions),
    showRecordLinks(),
    showStaleCells(sessions),
    registerLanguage(sessions),
    dataSets,
    models,
    provideRecordDocuments(services),
    vscode.window.createTreeView("assay.dataSets", { treeDataProvider: dataSets }),
    variables,
    registerCommands({
      sessions,
      services,
      experiments,
      variables,
      refreshLists: () => {
        dataSets.refresh();
        models.refresh();
      },
      log,
      extensionUri,
      extensionId: extension.id,
      nodeSearch,
      dataSets,
    }),
  );
}
