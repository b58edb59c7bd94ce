import * as vscode from "vscode";
import { askVersion, candidates, isNewEnough, type NodeSearch, oldestNode } from "../kernel/find-node.ts";
import type { Sessions } from "../notebook/sessions.ts";

interface Choice extends vscode.QuickPickItem {
  /** The executable; empty for the automatic choice, absent to look for a file. */
  readonly command?: string;
}

/** Lets the person choose the Node that runs kernels, from those that are found or from anywhere. Running kernels go on with theirs until a restart. */
export async function selectNode(sessions: Sessions, search: () => NodeSearch): Promise<void> {
  const found = await candidates(search());
  const fitting = found.find(({ version }) => version !== undefined && isNewEnough(version));
  const choices: Choice[] = [
    {
      label: "$(wand) Find one automatically",
      detail: fitting
        ? `Now Node ${fitting.version} from ${fitting.origin}`
        : `None of those found is ${oldestNode} or newer`,
      command: "",
    },
    ...found
      .filter(({ env }) => !env.ELECTRON_RUN_AS_NODE)
      .map(({ command, version, origin }) => {
        const fits = version !== undefined && isNewEnough(version);
        const problem = version === undefined ? "does not run" : `too old: Assay needs ${oldestNode} or newer`;
        return {
          label: `$(${fits ? "server-process" : "warning"}) Node ${version ?? "?"}`,
          description: fits ? origin : problem,
          detail: command,
          command,
        };
      }),
    { label: "$(folder-opened) Choose an executable…", detail: `Node ${oldestNode} or newer` },
  ];
  const choice = await vscode.window.showQuickPick(choices, { title: "Node for Assay's kernels", matchOnDetail: true });
  if (!choice) return;
  const command = choice.command ?? (await browse());
  if (command === undefined) return;
  if (command !== "") {
    const version = await askVersion(command);
    if (version === undefined || !isNewEnough(version)) {
      const what = version === undefined ? "is not a Node executable" : `is Node ${version}`;
      void vscode.window.showErrorMessage(`${command} ${what}; Assay needs Node ${oldestNode} or newer.`);
      return;
    }
  }
  const setting = command === "" ? undefined : command;
  await vscode.workspace.getConfiguration("assay").update("node.path", setting, vscode.ConfigurationTarget.Global);
  await offerFreshKernels(sessions);
}

async function browse(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: "Node executable", canSelectMany: false })) ?? [];
  return file?.fsPath;
}

async function offerFreshKernels(sessions: Sessions): Promise<void> {
  const running = sessions.all.filter(({ standing }) => standing.state !== "none");
  if (running.length === 0) return;
  const again = "Stop Running Kernels";
  const message = "Running kernels go on with the Node they have; the next cell after a stop takes the new one.";
  if ((await vscode.window.showInformationMessage(message, again)) === again)
    await Promise.all(running.map((session) => session.stop()));
}
