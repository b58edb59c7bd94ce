import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { type ComplianceMode, complianceModes } from "../../kernel/protocol/classes.ts";
import type { CellSource } from "../../kernel/protocol/messages.ts";
import { defaultStaleness, type StalenessMode, stalenessModes } from "../../kernel/protocol/staleness.ts";

/** What `metadata.assay` of a notebook holds. */
export interface NotebookSettings {
  /** UUID that ties the notebook to its records. */
  readonly id: string;
  readonly mode: ComplianceMode;
  readonly seed: number;
}

/** What a notebook says, with the defaults for what it does not. */
export interface ReadSettings extends Omit<NotebookSettings, "id"> {
  /** Undefined until the notebook ran once. */
  readonly id: string | undefined;
  /** What happens to cells whose inputs have changed: the notebook's own word, else the setting. */
  readonly staleness: StalenessMode;
}

/** What the notebook file says of its kernel, as Jupyter expects it. */
const kernelspec = { name: "assay", display_name: "TypeScript (Assay)", language: "typescript" };
const languageInfo = { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" };

type Json = Readonly<Record<string, unknown>>;

/** The notebook-level metadata as the file has it. */
function fileMetadata(notebook: vscode.NotebookDocument): Json {
  return asObject(notebook.metadata.metadata);
}

/** The settings of a notebook, with the defaults for what is missing or unreadable. */
export function readSettings(notebook: vscode.NotebookDocument): ReadSettings {
  const { id, mode, seed, staleness } = asObject(fileMetadata(notebook).assay);
  return {
    id: typeof id === "string" && id !== "" ? id : undefined,
    mode: complianceModes.find((one) => one === mode) ?? "open_source_only",
    seed: typeof seed === "number" && Number.isInteger(seed) ? seed : 0,
    staleness: stalenessOf(staleness) ?? stalenessOf(ownSetting(notebook)) ?? defaultStaleness,
  };
}

function stalenessOf(value: unknown): StalenessMode | undefined {
  return stalenessModes.find((mode) => mode === value);
}

function ownSetting(notebook: vscode.NotebookDocument): unknown {
  return vscode.workspace.getConfiguration("assay", notebook.uri).get("staleness");
}

/** Writes into the notebook what happens to its stale cells. */
export async function writeStaleness(notebook: vscode.NotebookDocument, staleness: StalenessMode): Promise<void> {
  const metadata = fileMetadata(notebook);
  await writeMetadata(notebook, { ...metadata, assay: { ...asObject(metadata.assay), staleness } });
}

async function writeMetadata(notebook: vscode.NotebookDocument, metadata: Json): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, metadata })]);
  await vscode.workspace.applyEdit(edit);
}

/** The settings that a notebook is run with: what it says, changed as asked, and an id where it has none yet. */
export function settingsOf(
  notebook: vscode.NotebookDocument,
  change: Partial<NotebookSettings> = {},
): NotebookSettings {
  const { id = randomUUID(), mode, seed } = readSettings(notebook);
  return { mode, seed, id, ...change };
}

/**
 * Writes settings and the kernelspec into the notebook, where they are not there yet, and returns the settings. An existing TypeScript kernelspec is
 * replaced by ours: the notebook says which kernel ran it last.
 */
export async function writeSettings(
  notebook: vscode.NotebookDocument,
  change: Partial<NotebookSettings> = {},
): Promise<NotebookSettings> {
  const settings = settingsOf(notebook, change);
  const metadata = fileMetadata(notebook);
  const next = {
    ...metadata,
    kernelspec: { ...asObject(metadata.kernelspec), ...kernelspec },
    language_info: asObject(metadata.language_info).name === "typescript" ? metadata.language_info : languageInfo,
    assay: { ...asObject(metadata.assay), id: settings.id, mode: settings.mode, seed: settings.seed },
  };
  if (JSON.stringify(next) !== JSON.stringify(metadata)) await writeMetadata(notebook, next);
  return settings;
}

/** Whether a notebook is ours to run: its kernelspec or its language is TypeScript, or its code cells are. */
export function isTypeScriptNotebook(notebook: vscode.NotebookDocument): boolean {
  if (notebook.notebookType !== "jupyter-notebook") return false;
  const metadata = fileMetadata(notebook);
  const spec = asObject(metadata.kernelspec);
  const language = asObject(metadata.language_info).name ?? spec.language;
  if (spec.name === kernelspec.name || language === "typescript") return true;
  return notebook
    .getCells()
    .some((cell) => cell.kind === vscode.NotebookCellKind.Code && cell.document.languageId === "typescript");
}

/** Where the notebook lies; an unsaved one counts as lying in the first workspace folder. */
export function notebookPath(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === "file" || notebook.uri.scheme === "vscode-remote") return notebook.uri.fsPath;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(process.cwd());
  const name = notebook.uri.path.split("/").at(-1) || "untitled.ipynb";
  return vscode.Uri.joinPath(folder, name).fsPath;
}

/** The nbformat id of a cell; VS Code's own address of it for a file older than nbformat 4.5. */
export function cellId(cell: vscode.NotebookCell): string {
  const { id } = cell.metadata;
  return typeof id === "string" && id !== "" ? id : cell.document.uri.fragment;
}

/** The tags of a cell. */
export function cellTags(cell: vscode.NotebookCell): string[] {
  const { tags } = asObject(cell.metadata.metadata);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** 1-based position of a cell among the code cells. */
export function codeIndex(cell: vscode.NotebookCell): number {
  const before = cell.notebook.getCells(new vscode.NotebookRange(0, cell.index));
  return 1 + before.filter((other) => other.kind === vscode.NotebookCellKind.Code).length;
}

/** A code cell as the kernel takes it. */
export function sourceOf(cell: vscode.NotebookCell): CellSource {
  return { id: cellId(cell), index: codeIndex(cell), source: cell.document.getText(), tags: cellTags(cell) };
}

/** All code cells of a notebook, in its order, as the kernel takes them. */
export function sourcesOf(notebook: vscode.NotebookDocument): CellSource[] {
  return notebook
    .getCells()
    .filter((cell) => cell.kind === vscode.NotebookCellKind.Code)
    .map((cell, at) => ({ ...sourceOf(cell), index: at + 1 }));
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
