import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders with the files and packages that the cases import. */
export interface Workspace extends Disposable {
  readonly folder: string;
  /** Puts the files and packages into another folder. */
  link(folder: string): void;
}

/** Writes files by their paths in a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export function makeWorkspace(fixtures: Readonly<Record<string, string>>): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "assay-conformance-"));
  const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));
  const link = (at: string) => {
    writeFiles(at, fixtures);
    if (!existsSync(join(at, "node_modules"))) symlinkSync(packages, join(at, "node_modules"), "dir");
    // A store of its own, so that no case writes into that of the repository.
    mkdirSync(join(at, ".assay"), { recursive: true });
  };
  link(folder);
  return { folder, link, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
