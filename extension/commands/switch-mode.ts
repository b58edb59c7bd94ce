import * as vscode from "vscode";
import { type ComplianceMode, complianceModes, modeNames } from "../../kernel/protocol/classes.ts";
import { readSettings, writeSettings } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

const meanings: Readonly<Record<ComplianceMode, string>> = {
  open_source_only: "Public domain and Creative Commons, with equivalent open licences",
  research_safe: "Also what fair use and research exceptions allow",
  full_dataset: "Everything, for comparison only: results are marked",
};

/** Lets the person choose the compliance mode of the notebook. Cells that run from now on run in it, and their records say so. */
export async function switchMode(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  const current = readSettings(notebook).mode;
  const choice = await vscode.window.showQuickPick(
    complianceModes.map((mode) => ({
      label: `$(${mode === current ? "check" : "blank"}) ${modeNames[mode]}`,
      description: mode === current ? "current" : "",
      detail: meanings[mode],
      mode,
    })),
    { title: "Compliance mode of this notebook", placeHolder: "Which data may be used to train and generate here?" },
  );
  if (!choice || choice.mode === current) return;
  await writeSettings(notebook, { mode: choice.mode });
  await offerRestart(
    sessions,
    notebook,
    `The mode is now “${modeNames[choice.mode]}”. What earlier cells computed was made in another mode.`,
  );
}

/** After a change that earlier results do not know of, offers a fresh start; only where something ran. */
export async function offerRestart(
  sessions: Sessions,
  notebook: vscode.NotebookDocument,
  message: string,
): Promise<void> {
  const session = sessions.find(notebook);
  if (!session || session.standing.state === "none") return;
  const again = "Restart and Run All";
  if ((await vscode.window.showInformationMessage(message, again)) === again) {
    await vscode.commands.executeCommand("assay.restartAndRunAll");
  }
}
