import * as vscode from "vscode";
import { modeNames } from "../../kernel/protocol/classes.ts";
import { isTypeScriptNotebook, readSettings } from "./metadata.ts";
import type { KernelStanding } from "./notebook-session.ts";
import type { Sessions } from "./sessions.ts";

const faces: Readonly<Record<KernelStanding["state"], { readonly icon: string; readonly text: string }>> = {
  none: { icon: "circle-outline", text: "not started" },
  starting: { icon: "loading~spin", text: "starting" },
  idle: { icon: "pass", text: "idle" },
  busy: { icon: "loading~spin", text: "busy" },
  restarting: { icon: "loading~spin", text: "restarting" },
  crashed: { icon: "error", text: "crashed" },
  closed: { icon: "circle-outline", text: "closed" },
};

/** Two items for the active notebook: its kernel, and its compliance mode. */
export function showStatusBar(sessions: Sessions): vscode.Disposable {
  const kernel = vscode.window.createStatusBarItem("assay.kernel", vscode.StatusBarAlignment.Left, 100);
  kernel.name = "Assay kernel";
  kernel.command = "assay.kernelMenu";
  const mode = vscode.window.createStatusBarItem("assay.mode", vscode.StatusBarAlignment.Left, 99);
  mode.name = "Assay compliance mode";
  mode.command = "assay.switchMode";

  const refresh = () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!notebook || !isTypeScriptNotebook(notebook)) {
      kernel.hide();
      mode.hide();
      return;
    }
    const session = sessions.find(notebook);
    const standing: KernelStanding = session?.standing ?? { state: "none" };
    const face = faceOf(standing);
    kernel.text = `$(${face.icon}) Assay: ${face.text}`;
    kernel.tooltip = tooltip(standing, session?.runtime);
    kernel.backgroundColor =
      standing.state === "crashed"
        ? new vscode.ThemeColor("statusBarItem.errorBackground")
        : standing.crash !== undefined
          ? new vscode.ThemeColor("statusBarItem.warningBackground")
          : undefined;
    const detail = standing.detail ?? standing.crash;
    kernel.accessibilityInformation = { label: `Assay kernel ${face.text}${detail ? `, ${detail}` : ""}` };
    kernel.show();

    const current = readSettings(notebook).mode;
    mode.text = `$(law) ${modeNames[current]}`;
    mode.tooltip = `Compliance mode of this notebook: ${modeNames[current]}.\nEvery record keeps the mode it ran in. Click to switch.`;
    mode.backgroundColor =
      current === "full_dataset" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    mode.accessibilityInformation = { label: `Compliance mode: ${modeNames[current]}` };
    mode.show();
  };
  refresh();
  return vscode.Disposable.from(
    kernel,
    mode,
    sessions.onDidChange(refresh),
    vscode.window.onDidChangeActiveNotebookEditor(refresh),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, metadata }) => {
      if (metadata && notebook === vscode.window.activeNotebookEditor?.notebook) refresh();
    }),
  );
}

/** A kernel that is new because the one before crashed says so until something runs. */
function faceOf({ state, crash }: KernelStanding): { readonly icon: string; readonly text: string } {
  return state === "idle" && crash !== undefined ? { icon: "warning", text: "variables lost" } : faces[state];
}

function tooltip(
  standing: KernelStanding,
  runtime: { readonly version: string; readonly origin: string } | undefined,
): string {
  const lines = [`Assay kernel: ${faces[standing.state].text}`];
  if (standing.detail) lines.push(standing.detail);
  if (standing.crash !== undefined && standing.crash !== standing.detail)
    lines.push(`The one before crashed: ${standing.crash}`);
  if (runtime) lines.push(`Node ${runtime.version}, from ${runtime.origin}`);
  return lines.join("\n");
}
