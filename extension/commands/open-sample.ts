import * as vscode from "vscode";

/** Opens one of the samples that come with Assay, as a copy in a folder of the person's choice when it lies inside the installed extension. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, "samples");
  const names = (await list(folder)).filter((name) => name.endsWith(".ipynb"));
  if (names.length === 0) {
    void vscode.window.showInformationMessage("This build of Assay comes without samples.");
    return;
  }
  const choice = await vscode.window.showQuickPick(
    names.map((name) => ({ label: title(name), description: name, name })),
    { title: "Open a sample" },
  );
  if (!choice) return;
  const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => folder.path.startsWith(`${uri.path}/`));
  const notebook = workspace ? vscode.Uri.joinPath(folder, choice.name) : await copySamples(folder, choice.name);
  if (notebook) await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(notebook));
}

/** The installed extension's folder is replaced with every update, so nobody should work in it. */
async function copySamples(folder: vscode.Uri, name: string): Promise<vscode.Uri | undefined> {
  const [target] =
    (await vscode.window.showOpenDialog({
      title: "Where should the samples go?",
      openLabel: "Copy samples here",
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!target) return undefined;
  const copy = vscode.Uri.joinPath(target, "assay-samples");
  await vscode.workspace.fs.copy(folder, copy, { overwrite: false });
  return vscode.Uri.joinPath(copy, name);
}

async function list(folder: vscode.Uri): Promise<string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
  } catch {
    return [];
  }
}

/** "01-compliance-modes.ipynb" → "Compliance modes". */
function title(name: string): string {
  const words = name
    .replace(/\.ipynb$/, "")
    .replace(/^\d+-/, "")
    .replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
