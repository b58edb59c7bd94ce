import { writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { complianceModes } from "../../kernel/protocol/compliance.ts";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import type { Services } from "../kernel/services.ts";
import { cellId } from "../notebook/metadata.ts";
import { recordOf } from "../notebook/record-link.ts";
import { modeNames } from "../notebook/status-bar.ts";
import { type Experiments, type RecordNode, storePlace } from "../views/experiments.ts";
import { showRecordPanel } from "../views/record-panel.ts";

/** What the commands on records need. */
export interface RecordSurroundings {
  readonly services: Services;
  readonly experiments: Experiments;
  readonly extensionUri: vscode.Uri;
}

const states = ["ok", "error", "interrupted", "crashed", "aborted", "running"] as const;

/** The commands on records, by id. Those of a list entry get the entry; from the palette they mean the selected cell's record. */
export function recordCommands(
  surroundings: RecordSurroundings,
): Readonly<Record<string, (of?: RecordNode | string) => unknown>> {
  const { services, experiments, extensionUri } = surroundings;
  const read = (of: RecordNode | string | undefined) => readRecord(services, of);
  return {
    "assay.openRecord": async (of) => {
      const record = await read(of);
      if (record) showRecordPanel(record, extensionUri);
    },
    "assay.copyRecordId": async (of) => {
      const id = idOf(of);
      if (id !== undefined) await vscode.env.clipboard.writeText(id);
    },
    "assay.revealRecordCell": async (of) => {
      const record = await read(of);
      if (record) await revealCell(record);
    },
    "assay.compareRecords": async (of) => {
      const first = await read(of);
      if (first) await compareRecords(services, first);
    },
    "assay.exportRecord": async (of) => {
      const record = await read(of);
      if (record) await exportRecord(record);
    },
    "assay.refreshExperiments": () => experiments.refresh(),
    "assay.loadMoreRecords": () => experiments.loadMore(),
    "assay.searchRecords": async () => {
      const text = await vscode.window.showInputBox({
        title: "Search records",
        prompt: "Words of a prompt, a source, a notebook's path or an id",
        value: experiments.filter.text ?? "",
      });
      if (text !== undefined) experiments.setFilter({ ...experiments.filter, text: text.trim() || undefined });
    },
    "assay.filterRecords": async () => {
      const choice = await vscode.window.showQuickPick(filterChoices(), { title: "Show only records" });
      if (choice) experiments.setFilter({ ...experiments.filter, ...choice.filter });
    },
    "assay.clearRecordFilter": () => experiments.setFilter({}),
  };
}

function filterChoices() {
  return [
    ...states.map((status) => ({ label: `$(circle-filled) State: ${status}`, filter: { status } })),
    ...complianceModes.map((mode) => ({ label: `$(law) Mode: ${modeNames[mode]}`, filter: { mode } })),
    { label: "$(clear-all) Any state and mode", filter: { status: undefined, mode: undefined } },
  ];
}

function idOf(of: RecordNode | string | undefined): string | undefined {
  if (typeof of === "string") return of;
  if (of && "record" in of) return of.record.executionId;
  const editor = vscode.window.activeNotebookEditor;
  const cell =
    editor && editor.selection.start < editor.notebook.cellCount
      ? editor.notebook.cellAt(editor.selection.start)
      : undefined;
  const id = cell && recordOf(cell);
  if (id === undefined) void vscode.window.showInformationMessage("The selected cell has no record yet: run it first.");
  return id;
}

async function readRecord(
  services: Services,
  of: RecordNode | string | undefined,
): Promise<ExecutionRecord | undefined> {
  const id = idOf(of);
  const place = storePlace();
  if (id === undefined || !place) return undefined;
  try {
    return await services.records("show", { ...place, id });
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function revealCell(record: ExecutionRecord): Promise<void> {
  const uri = vscode.Uri.file(record.notebookPath);
  try {
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const cell = notebook.getCells().find((one) => cellId(one) === record.cellId);
    const editor = await vscode.window.showNotebookDocument(notebook);
    if (!cell) {
      void vscode.window.showInformationMessage(
        "The notebook does not hold this cell any more. The record keeps its source.",
      );
      return;
    }
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    editor.selection = range;
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenter);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `${record.notebookPath} cannot be opened: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function compareRecords(services: Services, first: ExecutionRecord): Promise<void> {
  const place = storePlace();
  if (!place) return;
  const { items } = await services.records("list", { ...place, notebook: first.notebookId, limit: 200 });
  const choice = await vscode.window.showQuickPick(
    items
      .filter((one) => one.executionId !== first.executionId)
      .sort((a, b) => Number(b.cellId === first.cellId) - Number(a.cellId === first.cellId))
      .map((one) => ({
        label: one.source.split("\n")[0] ?? "",
        description: `cell ${one.cellIndex} · ${new Date(one.startedAt).toLocaleString()} · ${one.state}`,
        id: one.executionId,
      })),
    { title: "Compare with", matchOnDescription: true },
  );
  const second = choice && (await readRecord(services, choice.id));
  if (!second) return;
  const [left, right] = await Promise.all([first, second].map(openText));
  const title = `${first.executionId.slice(-6)} ↔ ${second.executionId.slice(-6)}`;
  await vscode.commands.executeCommand("vscode.diff", left, right, `Records ${title}`);
}

/** What two records are compared by: parameters and settings on top, the source below. */
async function openText(record: ExecutionRecord): Promise<vscode.Uri> {
  const { mode, seed, policyVersion, state, parameters, params, metrics } = record;
  const facts = {
    state,
    mode,
    seed,
    policyVersion,
    parameters,
    params,
    metrics: Object.fromEntries(metrics.map((one) => [one.name, one.value])),
  };
  const content = `/* ${JSON.stringify(facts, null, 2).replaceAll("*/", "* /")} */\n\n${record.source}\n`;
  return (await vscode.workspace.openTextDocument({ language: "typescript", content })).uri;
}

async function exportRecord(record: ExecutionRecord): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `record-${record.executionId.slice(-12)}.json`;
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { JSON: ["json"] },
  });
  if (target) await writeFile(target.fsPath, `${JSON.stringify(record, null, 2)}\n`);
}
