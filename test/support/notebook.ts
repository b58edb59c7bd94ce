import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A code cell of a notebook that a test writes. */
export type TestCell =
  | string
  | { readonly source: string; readonly tags?: readonly string[]; readonly kind?: "markdown" };

/** Writes a notebook of format 4.5 and returns its path. */
export function writeNotebook(folder: string, cells: readonly TestCell[], metadata: unknown = {}): string {
  const path = join(folder, "notebook.ipynb");
  const notebook = {
    cells: cells.map((cell, at) => {
      const { source, tags = [], kind = "code" } = typeof cell === "string" ? { source: cell } : cell;
      const shared = { cell_type: kind, id: `cell-${at + 1}`, metadata: { tags }, source };
      return kind === "code" ? { ...shared, execution_count: null, outputs: [] } : shared;
    }),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** How `assay` ended and what it printed. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `assay` command. `started` gets a function that sends it a signal. */
export function assay(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    /** Added to this process's own. */
    readonly env?: Readonly<Record<string, string>>;
    readonly started?: (signal: (name: NodeJS.Signals) => void) => void;
  } = {},
): Promise<CommandResult> {
  const entry = fileURLToPath(new URL("../../dist/kernel/cli.js", import.meta.url));
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  options.started?.((name) => child.kill(name));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...texts }));
  });
}

/** A notebook file as JSON. */
export interface NotebookJson {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly id: string;
    readonly execution_count?: number | null;
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly outputs?: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function readJson(path: string): NotebookJson {
  return JSON.parse(readFileSync(path, "utf8")) as NotebookJson;
}
