import { existsSync } from "node:fs";
import * as vscode from "vscode";

/** A sample that comes with Assay. */
export interface Sample {
  readonly uri: vscode.Uri;
  /** Its file name. */
  readonly name: string;
  /** The heading of its first cell. */
  readonly title: string;
  /** The first sentence below the heading. */
  readonly summary: string;
}

/** The samples that come with Assay, in the order in which a newcomer reads them. */
export async function listSamples(extensionUri: vscode.Uri): Promise<Sample[]> {
  const folder = vscode.Uri.joinPath(extensionUri, "samples");
  const names = await vscode.workspace.fs.readDirectory(folder).then(
    (entries) => entries.map(([name]) => name).filter((name) => name.endsWith(".ipynb")),
    () => [],
  );
  return Promise.all(names.sort().map((name) => describe(vscode.Uri.joinPath(folder, name), name)));
}

async function describe(uri: vscode.Uri, name: string): Promise<Sample> {
  const plain = { uri, name, title: titleOf(name), summary: "" };
  try {
    const { cells } = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as {
      readonly cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
    };
    const first = cells.find((cell) => cell.cell_type === "markdown");
    const text = [first?.source ?? ""].flat().join("");
    const title = /^#\s+(.+)$/m.exec(text)?.[1] ?? plain.title;
    const below =
      text
        .replace(/^[\s\S]*?^#\s+.+$/m, "")
        .trim()
        .split(/\n\s*\n/)[0] ?? "";
    const sentence = below.replace(/\s+/g, " ").replace(/[*_`]|\[([^\]]*)\]\([^)]*\)/g, "$1");
    return { ...plain, title, summary: /^.*?[.?!](?=\s|$)/.exec(sentence)?.[0] ?? sentence.slice(0, 120) };
  } catch {
    // A sample that cannot be read is still listed, and says why when it is opened.
    return plain;
  }
}

/** "01-compliance-modes.ipynb" → "Compliance modes". */
function titleOf(name: string): string {
  const words = name
    .replace(/\.ipynb$/, "")
    .replace(/^\d+-/, "")
    .replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Opens a sample: in its place when it lies in the workspace, else as a copy in a folder that the person chooses, because the installed extension's
 * folder is replaced with every update. A copy that is there already is opened as it is.
 */
export async function openCopy(extensionUri: vscode.Uri, { uri, name }: Sample): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, "samples");
  const here = vscode.workspace.workspaceFolders?.some(({ uri: root }) => folder.path.startsWith(`${root.path}/`));
  const notebook = here ? uri : await copy(folder, name);
  if (!notebook) return;
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(notebook));
}

async function copy(folder: vscode.Uri, name: string): Promise<vscode.Uri | undefined> {
  const parent = await chooseFolder();
  if (!parent) return undefined;
  const target = vscode.Uri.joinPath(parent, "assay-samples");
  const notebook = vscode.Uri.joinPath(target, name);
  if (existsSync(notebook.fsPath)) return notebook;
  try {
    for (const [entry] of await vscode.workspace.fs.readDirectory(folder)) {
      const to = vscode.Uri.joinPath(target, entry);
      // What somebody changed stays theirs.
      if (!existsSync(to.fsPath)) await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder, entry), to);
    }
    return notebook;
  } catch (error) {
    void vscode.window.showErrorMessage(
      `The samples could not be copied to ${target.fsPath}: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  if (workspace) {
    const inside = { label: "$(folder) In this workspace", description: `${workspace.name}/assay-samples` };
    const elsewhere = { label: "$(folder-opened) Somewhere else…", description: "" };
    const choice = await vscode.window.showQuickPick([inside, elsewhere], { title: "Where should the samples go?" });
    if (!choice) return undefined;
    if (choice === inside) return workspace.uri;
  }
  const [target] =
    (await vscode.window.showOpenDialog({
      title: "Where should the samples go?",
      openLabel: "Copy samples here",
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return target;
}
