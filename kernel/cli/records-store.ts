import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type Artifacts, openArtifacts } from "../store/artifacts.ts";
import { openForReading, type RecordDatabase } from "../store/database.ts";
import { findStore } from "../store/location.ts";

/** Options that every `assay records` command takes. */
export interface StoreOptions {
  readonly store?: string;
  readonly notebook?: string;
  readonly json?: boolean;
}

/** Adds the options that every `assay records` command takes. */
export function withStoreOptions(command: Command): Command {
  return command
    .option(
      "--store <folder>",
      "the store folder (default: the nearest .assay/ upwards from here, or from the notebook)",
    )
    .option("--notebook <file>", "look in the store of this notebook")
    .option("--json", "print an array of objects");
}

export interface OpenStore extends Disposable {
  readonly folder: string;
  /** `undefined` when the store holds no records yet. */
  readonly database: RecordDatabase | undefined;
  readonly artifacts: Artifacts;
}

/** Opens the store that the options lead to, for reading. Makes nothing. */
export function openStore({ store, notebook }: StoreOptions): OpenStore {
  const file = notebook !== undefined && existsSync(notebook) ? resolve(notebook) : undefined;
  const folder = findStore({ from: file === undefined ? process.cwd() : dirname(file), chosen: store });
  const database = openForReading(folder);
  return { folder, database, artifacts: openArtifacts(folder), [Symbol.dispose]: () => database?.close() };
}

/** Where a command prints. */
export type Print = (text: string) => void;

let guarded = false;

/** Prints on standard output; a reader that went away (`| head`) is not an error. */
export function printOut(text: string): void {
  if (!guarded) {
    guarded = true;
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  process.stdout.write(`${text}\n`);
}

/** What a command prints for machines. */
export function json(values: readonly unknown[]): string {
  return JSON.stringify(values, null, 2);
}
