import * as vscode from "vscode";
import { complianceModes, modeNames } from "../../kernel/protocol/classes.ts";
import type { Experiments, RecordFilter } from "../views/experiments.ts";
import { recordFaces, violatingFace, violatingWords } from "../views/record-item.ts";

const states = ["ok", "error", "interrupted", "crashed", "aborted", "running"] as const;

interface Choice extends vscode.QuickPickItem {
  readonly filter?: RecordFilter;
}

/** Lets the person narrow the Experiments view by how records ended, by their mode, and to those that break it. Choosing what is chosen takes it back. */
export async function filterRecords(experiments: Experiments): Promise<void> {
  const { filter } = experiments;
  const mark = (chosen: boolean) => (chosen ? { description: "$(check) shown" } : {});
  const choices: Choice[] = [
    { label: "How they ended", kind: vscode.QuickPickItemKind.Separator },
    ...states.map((status) => ({
      label: `$(${recordFaces[status].icon.replace("~spin", "")}) ${status}`,
      ...mark(filter.status === status),
      filter: { status: filter.status === status ? undefined : status },
    })),
    { label: "Compliance", kind: vscode.QuickPickItemKind.Separator },
    ...complianceModes.map((mode) => ({
      label: `$(law) ${modeNames[mode]}`,
      ...mark(filter.mode === mode),
      filter: { mode: filter.mode === mode ? undefined : mode },
    })),
    {
      label: `$(${violatingFace.icon}) ${violatingWords}`,
      ...mark(filter.violating === true),
      filter: { violating: filter.violating ? undefined : true },
    },
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    {
      label: "$(clear-all) All records",
      filter: { status: undefined, mode: undefined, violating: undefined, text: undefined },
    },
  ];
  const choice = await vscode.window.showQuickPick(choices, { title: "Show only records" });
  if (choice?.filter) experiments.setFilter({ ...filter, ...choice.filter });
}
