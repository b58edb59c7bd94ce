import * as vscode from "vscode";
import { stalenessModes } from "../../kernel/protocol/staleness.ts";
import { readSettings, writeStaleness } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { staleCellsOf, stalenessNames } from "../notebook/stale-cells.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Lets the person choose what happens to cells whose inputs have changed; the notebook keeps it. */
export async function switchStaleness(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  const current = readSettings(notebook).staleness;
  const choice = await vscode.window.showQuickPick(
    stalenessModes.map((mode) => ({
      label: stalenessNames[mode].name,
      description: mode === current ? "current" : "",
      detail: stalenessNames[mode].meaning,
      mode,
    })),
    { title: "Cells whose inputs have changed", placeHolder: "What should happen to them in this notebook?" },
  );
  if (!choice || choice.mode === current) return;
  await writeStaleness(notebook, choice.mode);
  await sessions.find(notebook)?.setStaleness(choice.mode);
}

/** Runs all cells that are stale, in the order of the notebook. */
export function runStaleCells(sessions: Sessions): void {
  const notebook = activeNotebook();
  if (!notebook) return;
  const session = sessions.find(notebook);
  const cells = staleCellsOf(notebook, session?.stale);
  if (cells.length === 0) void vscode.window.showInformationMessage("No cell of this notebook is stale.");
  else session?.run(cells);
}
