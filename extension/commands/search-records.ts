import { basename } from "node:path";
import * as vscode from "vscode";
import type { ListedRecord } from "../../kernel/protocol/record-methods.ts";
import type { Services } from "../kernel/services.ts";
import type { Experiments } from "../views/experiments.ts";
import { firstLine, recordFace, when } from "../views/record-item.ts";
import { storePlace } from "../views/store-place.ts";

/** Records that the box shows. */
const most = 50;
/** Milliseconds of rest after a key until the store is asked. */
const rest = 120;

interface Found extends vscode.QuickPickItem {
  /** Absent in the entry that narrows the view. */
  readonly record?: ListedRecord;
}

/** A search box over all records: by words of a prompt, a source, a parameter, an error or an id. Shows what is found while one types. */
export function searchRecords(services: Services, experiments: Experiments): void {
  const place = storePlace();
  if (!place) {
    void vscode.window.showInformationMessage("Open a folder or a notebook first: records lie beside it.");
    return;
  }
  const box = vscode.window.createQuickPick<Found>();
  const reveal: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("go-to-file"), tooltip: "Reveal Cell" };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const find = async () => {
    const asked = ++latest;
    const text = box.value.trim();
    box.busy = true;
    try {
      const { items, more } = await services.records("list", { ...place, ...(text ? { text } : {}), limit: most });
      if (asked !== latest) return;
      const narrow: Found = {
        label: `$(list-filter) Show ${more ? "all" : items.length} in the Experiments view`,
        alwaysShow: true,
      };
      const found = items.map((record) => entry(record, reveal));
      box.items = text !== "" && found.length > 0 ? [...found, narrow] : found;
      box.placeholder = items.length === 0 && text === "" ? "There are no records yet" : placeholder;
    } catch (error) {
      box.items = [];
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    } finally {
      if (asked === latest) box.busy = false;
    }
  };
  const placeholder = "Words of a prompt, a source, a parameter, an error, or an id";
  box.title = "Search records";
  box.placeholder = placeholder;
  box.value = experiments.filter.text ?? "";
  box.onDidChangeValue(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(), rest);
  });
  box.onDidAccept(() => {
    const [chosen] = box.selectedItems;
    if (!chosen) return;
    box.hide();
    if (chosen.record) void vscode.commands.executeCommand("assay.openRecord", chosen.record.executionId);
    else {
      experiments.setFilter({ ...experiments.filter, text: box.value.trim() });
      void vscode.commands.executeCommand("assay.experiments.focus");
    }
  });
  box.onDidTriggerItemButton(({ item }) => {
    box.hide();
    void vscode.commands.executeCommand("assay.revealRecordCell", item.record?.executionId);
  });
  box.onDidHide(() => {
    clearTimeout(timer);
    latest++;
    box.dispose();
  });
  box.show();
  void find();
}

function entry(record: ListedRecord, reveal: vscode.QuickInputButton): Found {
  const line = firstLine(record.source) || "(empty cell)";
  const found = record.excerpt === line ? undefined : record.excerpt;
  const isOfLine = found !== undefined && line.includes(found.replace(/^…/, "").slice(0, 30));
  return {
    label: `$(${recordFace(record).icon}) ${found ?? line}`,
    description: `${basename(record.notebookPath)} · cell ${record.cellIndex} · ${when(record.startedAt)}`,
    ...(found === undefined || isOfLine ? {} : { detail: line }),
    // What the store found is shown, whatever the box itself makes of the words.
    alwaysShow: true,
    buttons: [reveal],
    record,
  };
}
