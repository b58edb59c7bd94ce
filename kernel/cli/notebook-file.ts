import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { CellSource } from "../protocol/cell-source.ts";
import { kernelProblem } from "../session/problems.ts";
import { idOfPath } from "../store/ids.ts";

const multiline = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (Array.isArray(text) ? text.join("") : text));
const metadata = z.looseObject({});

const cell = z.looseObject({
  cell_type: z.enum(["code", "markdown", "raw"]),
  id: z.string().optional(),
  metadata: metadata.default({}),
  source: multiline.default(""),
  execution_count: z.number().int().nullish().catch(null),
  outputs: z
    .array(z.looseObject({ output_type: z.string() }))
    .optional()
    .catch(undefined),
  attachments: z.record(z.string(), z.record(z.string(), multiline)).optional(),
});

const file = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.number().int(),
  metadata: z
    .looseObject({
      kernelspec: z.looseObject({ language: z.string().optional(), name: z.string().optional() }).optional(),
      language_info: z.looseObject({ name: z.string().optional() }).optional(),
      assay: z
        .looseObject({ id: z.string().optional(), mode: z.string().optional(), seed: z.number().int().optional() })
        .optional(),
    })
    .default({}),
  cells: z.array(cell),
});

/** A cell as read: source in one text, id always there. */
export interface NotebookCell {
  readonly kind: "code" | "markdown" | "raw";
  readonly id: string;
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Outputs of a code cell that ran before. */
  readonly kept?: ExecutedCell | undefined;
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** A notebook as read. */
export interface NotebookFile {
  /** Absolute path. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** `metadata.assay` as far as it says something. */
  readonly assay: { readonly id: string; readonly mode?: string | undefined; readonly seed?: number | undefined };
  readonly cells: readonly NotebookCell[];
}

/** An output in the form of nbformat 4.5. */
export type NotebookOutput = Readonly<Record<string, unknown>> & { readonly output_type: string };

/** What a run makes of a code cell. */
export interface ExecutedCell {
  readonly executionCount: number | null;
  readonly outputs: readonly NotebookOutput[];
  /** Content id of its record. */
  readonly record?: string | undefined;
}

/** Reads a notebook. Throws an `AssayError` that says what is wrong with the file. */
export function readNotebook(name: string): NotebookFile {
  const path = resolve(name);
  const text = readText(name);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw kernelProblem.notJson(name, error instanceof Error ? error.message : String(error), error);
  }
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw kernelProblem.notNotebook(
      name,
      `${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unknown form"}`,
    );
  }
  const notebook = parsed.data;
  const language = notebook.metadata.kernelspec?.language ?? notebook.metadata.language_info?.name;
  if (language !== undefined && !/^(type|java)script|^ts$|^js$|^node/i.test(language))
    throw kernelProblem.wrongLanguage(name, language);
  const ids = new Set<string>();
  const cells = notebook.cells.map((one, at): NotebookCell => {
    let id = one.id ?? `cell-${at + 1}`;
    while (ids.has(id)) id = `${id}-${at + 1}`;
    ids.add(id);
    const { cell_type: kind, source, metadata, attachments, outputs = [] } = one;
    const executionCount = one.execution_count ?? null;
    const ran = kind === "code" && (outputs.length > 0 || executionCount !== null);
    return { kind, id, source, metadata, attachments, ...(ran ? { kept: { executionCount, outputs } } : {}) };
  });
  const { id, mode, seed } = notebook.metadata.assay ?? {};
  return { path, metadata: notebook.metadata, assay: { id: id ?? idOfPath(path), mode, seed }, cells };
}

/** The code cells, as a session takes them. */
export function codeCells({ cells }: NotebookFile): CellSource[] {
  return cells
    .filter((one) => one.kind === "code")
    .map(({ id, source, metadata }, at) => {
      const tags = Array.isArray(metadata.tags) ? metadata.tags.filter((tag) => typeof tag === "string") : [];
      return { id, index: at + 1, source, tags };
    });
}

function readText(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw kernelProblem.noFile(name);
    throw kernelProblem.unreadable(name, String(code ?? error), error);
  }
}

/** The executed notebook as nbformat 4.5. `executed` goes by cell id; code cells that are not in it have no outputs. */
export function executedNotebook(
  notebook: NotebookFile,
  executed: ReadonlyMap<string, ExecutedCell>,
  assay: { readonly mode: string; readonly seed: number; readonly parameters?: Readonly<Record<string, unknown>> },
): unknown {
  const known = typeof notebook.metadata.assay === "object" ? notebook.metadata.assay : {};
  return {
    cells: notebook.cells.map(({ kind, id, source, metadata: own, attachments }) => {
      const shared = { cell_type: kind, id, metadata: own, source: lines(source) };
      if (kind !== "code") return attachments ? { ...shared, attachments } : shared;
      const { executionCount = null, outputs = [], record } = executed.get(id) ?? {};
      const marked = record === undefined ? own : { ...own, assay: { ...(own.assay as object), record } };
      return { ...shared, metadata: marked, execution_count: executionCount, outputs };
    }),
    metadata: {
      ...notebook.metadata,
      kernelspec: { display_name: "TypeScript (Assay)", language: "typescript", name: "assay" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
      assay: { ...known, id: notebook.assay.id, ...assay },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** A text as nbformat keeps it: lines with their ends. */
export function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** A value with the keys of its objects in order: so Jupyter and VS Code write notebooks, and whoever saves one next changes nothing in it. */
export function sortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortedKeys);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sortedKeys(member)]));
}

/** Writes a file whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const temporary = join(dirname(resolve(path)), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const detail = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw kernelProblem.unwritable(path, detail, error);
  }
}
