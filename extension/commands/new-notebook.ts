import * as vscode from "vscode";

const firstCell = `// Everything of Assay comes from "assay". A cell's last value is shown below it.
import { display } from "assay";

display.table([{ hello: "world", two: 1 + 1 }]);`;

/** Opens an untitled TypeScript notebook that Assay runs. */
export async function newNotebook(): Promise<void> {
  const code = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, firstCell, "typescript");
  const data = new vscode.NotebookData([code]);
  data.metadata = {
    metadata: {
      kernelspec: { name: "assay", display_name: "TypeScript (Assay)", language: "typescript" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", data);
  await vscode.window.showNotebookDocument(notebook);
}
