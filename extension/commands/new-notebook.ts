import * as vscode from "vscode";
import { listSamples, openCopy, type Sample } from "./samples.ts";

const firstCell = `// Everything of Assay comes from "assay". A cell's last value is shown below it.
import { display } from "assay";

display.table([{ hello: "world", two: 1 + 1 }]);`;

interface Choice extends vscode.QuickPickItem {
  readonly sample?: Sample;
}

/** Lets the person begin a notebook: an empty one, or a copy of a sample. */
export async function newNotebook(extensionUri: vscode.Uri): Promise<void> {
  const samples = await listSamples(extensionUri);
  const choices: Choice[] = [
    { label: "$(new-file) Empty notebook", detail: "One cell that shows a table" },
    { label: "From a sample", kind: vscode.QuickPickItemKind.Separator },
    ...samples.map((sample) => ({ label: `$(notebook) ${sample.title}`, detail: sample.summary, sample })),
  ];
  const choice =
    samples.length === 0 ? choices[0] : await vscode.window.showQuickPick(choices, { title: "New notebook" });
  if (!choice) return;
  if (choice.sample) await openCopy(extensionUri, choice.sample);
  else await openEmpty();
}

async function openEmpty(): Promise<void> {
  const code = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, firstCell, "typescript");
  const data = new vscode.NotebookData([code]);
  data.metadata = {
    metadata: {
      kernelspec: { name: "assay", display_name: "TypeScript (Assay)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", data);
  await vscode.window.showNotebookDocument(notebook);
}
