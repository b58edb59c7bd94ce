import * as vscode from "vscode";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import type { Services } from "../kernel/services.ts";
import { cellId } from "../notebook/metadata.ts";
import { recordOf } from "../notebook/record-link.ts";
import type { DatasetNode } from "../views/data-sets.ts";
import type { Experiments, RecordNode } from "../views/experiments.ts";
import { compare } from "../views/record-documents.ts";
import { firstLine, type RecordGroup, when } from "../views/record-item.ts";
import { showRecordPanel } from "../views/record-panel.ts";
import { storePlace } from "../views/store-place.ts";
import { exportRecord } from "./export-record.ts";
import { filterRecords } from "./filter-records.ts";
import { searchRecords } from "./search-records.ts";

/** What the commands on records need. */
export interface RecordSurroundings {
  readonly services: Services;
  readonly experiments: Experiments;
  readonly extensionUri: vscode.Uri;
}

/** What a command on a record can be given: an entry of the tree, an id, or by a key in the tree the word "selection". */
type Of = RecordNode | Extract<DatasetNode, { kind: "dataset" }> | string | undefined;

/** The commands on records, by id. Those of a tree entry get the entry; from the palette they mean the selected cell's record. */
export function recordCommands(
  surroundings: RecordSurroundings,
): Readonly<Record<string, (of?: Of, all?: readonly RecordNode[]) => unknown>> {
  const { services, experiments, extensionUri } = surroundings;
  const read = (of: Of) => readRecord(services, of === "selection" ? experiments.selected[0]?.executionId : of);
  return {
    "assay.openRecord": async (of) => {
      const record = await read(of);
      if (record) showRecordPanel(record, extensionUri);
    },
    "assay.copyRecordId": async (of) => {
      const id = idOf(of === "selection" ? experiments.selected[0]?.executionId : of);
      if (id === undefined) return;
      await vscode.env.clipboard.writeText(id);
      vscode.window.setStatusBarMessage(`$(check) Copied ${id}`, 4000);
    },
    "assay.revealRecordCell": async (of) => {
      const record = await read(of);
      if (record) await revealCell(record);
    },
    "assay.compareRecords": async (of, all) => {
      const listed = all?.flatMap((node) => (node.kind === "record" ? [node.record] : [])) ?? [];
      const chosen = of === "selection" ? experiments.selected : listed;
      const both = chosen.length === 2 ? chosen.map(({ executionId }) => executionId) : [of];
      const [first, second] = await Promise.all(both.map(read));
      if (!first) return;
      const other = second ?? (await chooseOther(services, first));
      if (other) await compare(first, other);
    },
    "assay.exportRecord": async (of) => {
      const record = await read(of);
      if (record) await exportRecord(services, record);
    },
    "assay.refreshExperiments": () => experiments.refresh(),
    "assay.loadMoreRecords": (group) => group && experiments.loadMore(group as unknown as RecordGroup),
    "assay.searchRecords": () => searchRecords(services, experiments),
    "assay.filterRecords": () => filterRecords(experiments),
    "assay.clearRecordFilter": () => experiments.setFilter({}),
  };
}

function idOf(of: Of): string | undefined {
  if (typeof of === "string") return of;
  if (of?.kind === "record") return of.record.executionId;
  if (of?.kind === "dataset") return of.dataset.executionId;
  const editor = vscode.window.activeNotebookEditor;
  const cell =
    editor && editor.selection.start < editor.notebook.cellCount
      ? editor.notebook.cellAt(editor.selection.start)
      : undefined;
  const id = cell && recordOf(cell);
  if (id === undefined) void vscode.window.showInformationMessage("The selected cell has no record yet: run it first.");
  return id;
}

async function readRecord(services: Services, of: Of): Promise<ExecutionRecord | undefined> {
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
    const open = vscode.workspace.notebookDocuments.find((one) => one.uri.fsPath === uri.fsPath);
    const notebook = open ?? (await vscode.workspace.openNotebookDocument(uri));
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

async function chooseOther(services: Services, first: ExecutionRecord): Promise<ExecutionRecord | undefined> {
  const place = storePlace();
  if (!place) return undefined;
  const { items } = await services.records("list", { ...place, notebookId: first.notebookId, limit: 200 });
  const choice = await vscode.window.showQuickPick(
    items
      .filter((one) => one.executionId !== first.executionId)
      .sort((a, b) => Number(b.cellId === first.cellId) - Number(a.cellId === first.cellId))
      .map((one) => ({
        label: firstLine(one.source) || "(empty cell)",
        description: `cell ${one.cellIndex} · ${when(one.startedAt)} · ${one.state}`,
        id: one.executionId,
      })),
    {
      title: `Compare the record of cell ${first.cellIndex}, ${when(first.startedAt)}, with`,
      placeHolder: "Records of the same cell come first",
      matchOnDescription: true,
    },
  );
  return choice && readRecord(services, choice.id);
}
