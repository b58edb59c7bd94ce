import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "./make-folder.ts";
import { explained, storeProblem } from "./problems.ts";

/** Name of the folder that is looked for upwards. */
export const storeName = ".assay";
/** Name of the database inside the store folder. */
export const databaseName = "records.sqlite";

export interface StoreSearch {
  /** Folder of the notebook, or the working folder. */
  readonly from: string;
  /** Folder chosen by `--store` or the setting: taken as it is, relative to the working folder. */
  readonly chosen?: string | undefined;
  /** Root of the workspace that the editor has open. */
  readonly workspace?: string | undefined;
}

/**
 * Where the records of a notebook lie: the chosen folder; else the nearest existing `.assay/` upwards; else `.assay/` in the git
 * root, in the workspace root, or in the notebook's own folder. Makes nothing.
 */
export function findStore({ from, chosen, workspace }: StoreSearch): string {
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const start = resolve(from);
  const existing = upwards(start).find((folder) => isFolder(join(folder, storeName)));
  const root = existing ?? upwards(start).find((folder) => existsSync(join(folder, ".git"))) ?? workspace ?? start;
  return join(root, storeName);
}

/** Makes the store folder when it is missing, with a `.gitignore` that keeps all of it out of version control. */
export function makeStore(folder: string): void {
  try {
    makeFolder(join(folder, "artifacts"));
    const ignore = join(folder, ".gitignore");
    if (!existsSync(ignore))
      writeFileSync(ignore, "# Assay's records and artifacts; share them with `assay share`.\n*\n");
  } catch (error) {
    if (existsSync(folder) && !isFolder(folder)) throw storeProblem.notFolder(folder);
    throw explained(error, folder);
  }
}

function upwards(start: string): string[] {
  const parent = dirname(start);
  return parent === start ? [start] : [start, ...upwards(parent)];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
