import * as vscode from "vscode";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import type { Services } from "../kernel/services.ts";
import { storePlace } from "../views/store-place.ts";

/** Writes a record, and all that it depends on, where the person wants: for a paper, a colleague, another machine. */
export async function exportRecord(services: Services, record: ExecutionRecord): Promise<void> {
  const place = storePlace();
  if (!place) return;
  const form = await vscode.window.showQuickPick(
    [
      { label: "$(json) One JSON file", detail: "The records, without images and other artifacts", extension: ".json" },
      { label: "$(folder) A folder", detail: "The records with every artifact, hashes checked", extension: "" },
    ],
    { title: "Export the record and what it depends on as" },
  );
  if (!form) return;
  const name = `record-${record.executionId.slice(-12)}${form.extension}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(place.from);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    saveLabel: "Export",
    ...(form.extension === "" ? {} : { filters: { JSON: ["json"] } }),
  });
  if (!target) return;
  try {
    const out = { ...place, id: record.executionId, out: target.fsPath };
    const { records, artifacts, missing } = await services.records("export", out);
    const parts = [
      records === 1 ? "1 record" : `${records} records`,
      form.extension === "" && `${artifacts} artifacts`,
      missing > 0 && `${missing} artifacts are missing from the store`,
    ].filter(Boolean);
    void vscode.window.showInformationMessage(`Exported ${parts.join(", ")} to ${target.fsPath}`);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
