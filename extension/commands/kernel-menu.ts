import * as vscode from "vscode";
import type { KernelStanding } from "../notebook/notebook-session.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** What can be done with the kernel in its present state; opened from the status bar. */
export async function kernelMenu(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  const standing = sessions.find(notebook)?.standing ?? { state: "none" };
  const choice = await vscode.window.showQuickPick(entries(standing), {
    title: `Assay kernel${standing.crash ? `: the one before crashed (${standing.crash})` : standing.detail ? `: ${standing.detail}` : ""}`,
  });
  if (choice) await vscode.commands.executeCommand(choice.command);
}

function entries({ state, crash }: KernelStanding) {
  const alive = state !== "none" && state !== "closed";
  return [
    crash !== undefined && {
      label: "$(run-above) Run Cells Above the Crash",
      detail: "Brings the lost variables back",
      command: "assay.recover",
    },
    state === "busy" && { label: "$(debug-stop) Interrupt", command: "assay.interrupt" },
    alive && { label: "$(debug-restart) Restart", command: "assay.restart" },
    { label: "$(run-all) Restart and Run All", command: "assay.restartAndRunAll" },
    { label: "$(run-above) Run to Here", command: "assay.runToHere" },
    alive && { label: "$(circle-slash) Stop Kernel", command: "assay.stopKernel" },
    { label: "$(settings-gear) Select Node", command: "assay.selectNode" },
    { label: "$(output) Show Log", command: "assay.showLog" },
  ].filter((entry) => entry !== false);
}
