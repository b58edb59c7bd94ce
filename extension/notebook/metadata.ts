import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { type ComplianceMode, complianceMode } from "../../kernel/protocol/compliance.ts";

/** What `metadata.assay` of a notebook holds. */
export interface NotebookSettings {
  /** UUID that ties the notebook to its records. */
  readonly id: string;
  readonly mode: ComplianceMode;
  readonly seed: number;
}

/** What the notebook file says of its kernel, as Jupyter expects it. */
const kernelspec = { name: "assay", display_name: "TypeScript (Assay)", language: "typescript" };
const languageInfo = { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" };

type Json = Readonly<Record<string, unknown>>;

/** The notebook-level metadata as the file has it. */
function fileMetadata(notebook: vscode.NotebookDocument): Json {
  return asObject(notebook.metadata.metadata);
}

/** The settings of a notebook, with the defaults for what is missing or unreadable. `id` is undefined until the notebook ran once. */
export function readSettings(
  notebook: vscode.NotebookDocument,
): Omit<NotebookSettings, "id"> & { readonly id?: string } {
  const { id, mode, seed } = asObject(fileMetadata(notebook).assay);
  const parsed = complianceMode.safeParse(mode);
  return {
    id: typeof id === "string" && id !== "" ? id : undefined,
    mode: parsed.success ? parsed.data : "open_source_only",
    seed: typeof seed === "number" && Number.isInteger(seed) ? seed : 0,
  };
}

/**
 * Writes settings and the kernelspec into the notebook, where they are not there yet, and returns the settings. An existing TypeScript kernelspec is
 * replaced by ours: the notebook says which kernel ran it last.
 */
export async function writeSettings(
  notebook: vscode.NotebookDocument,
  change: Partial<NotebookSettings> = {},
): Promise<NotebookSettings> {
  const before = readSettings(notebook);
  const settings: NotebookSettings = { mode: before.mode, seed: before.seed, id: before.id ?? randomUUID(), ...change };
  const metadata = fileMetadata(notebook);
  const next = {
    ...metadata,
    kernelspec: { ...asObject(metadata.kernelspec), ...kernelspec },
    language_info: asObject(metadata.language_info).name === "typescript" ? metadata.language_info : languageInfo,
    assay: { ...asObject(metadata.assay), id: settings.id, mode: settings.mode, seed: settings.seed },
  };
  if (JSON.stringify(next) !== JSON.stringify(metadata)) {
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, metadata: next })]);
    await vscode.workspace.applyEdit(edit);
  }
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

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
