import * as vscode from "vscode";
import { isTypeScriptNotebook } from "./metadata.ts";

/** The content id of the record that a cell's outputs belong to, as the notebook file keeps it: `metadata.assay.record` of the cell. */
export function recordOf(cell: vscode.NotebookCell): string | undefined {
  const { record } = asObject(asObject(cell.metadata.metadata).assay);
  return typeof record === "string" ? record : undefined;
}

/**
 * Writes the content id into the cell's metadata. It is the same whenever an unchanged cell gives unchanged results, so running again changes
 * nothing in the file. To be called before the execution ends: VS Code then writes the execution count into the metadata it finds.
 */
export async function linkRecord(cell: vscode.NotebookCell, contentId: string): Promise<void> {
  const metadata = asObject(cell.metadata.metadata);
  const assay = asObject(metadata.assay);
  if (assay.record === contentId || cell.index < 0) return;
  const next = { ...cell.metadata, metadata: { ...metadata, assay: { ...assay, record: contentId } } };
  const edit = new vscode.WorkspaceEdit();
  edit.set(cell.notebook.uri, [vscode.NotebookEdit.updateCellMetadata(cell.index, next)]);
  await vscode.workspace.applyEdit(edit);
}

/** Shows the beginning of the record's id below the cell; a click opens the record. */
export function showRecordLinks(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
      if (cellChanges.some((change) => change.metadata)) changed.fire();
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider("jupyter-notebook", {
      onDidChangeCellStatusBarItems: changed.event,
      provideCellStatusBarItems(cell) {
        const record = isTypeScriptNotebook(cell.notebook) ? recordOf(cell) : undefined;
        if (record === undefined) return [];
        const item = new vscode.NotebookCellStatusBarItem(
          `$(verified) ${record.slice(0, 8)}`,
          vscode.NotebookCellStatusBarAlignment.Left,
        );
        item.tooltip = `Record ${record}\nClick to open it.`;
        item.accessibilityInformation = { label: `Record ${record.slice(0, 8)}` };
        item.command = { command: "assay.openRecord", title: "Open Record", arguments: [record] };
        return [item];
      },
    }),
  );
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
