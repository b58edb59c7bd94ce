import { statSync } from "node:fs";
import type TS from "typescript";
import { ts } from "./compiler.ts";
import { sharedDocuments } from "./document-registry.ts";

/** Milliseconds for which a file is taken as unchanged: the notebook's own, and those of packages. */
const ownAge = 250;
const packageAge = 5_000;

/** Text and version of files on disk. An edit is seen at the next question that comes after the age above. */
export interface DiskFiles {
  version(path: string): string;
  snapshot(path: string): TS.IScriptSnapshot | undefined;
}

interface Known {
  readonly version: string;
  readonly checkedAt: number;
}

export function diskFiles(): DiskFiles {
  const known = new Map<string, Known>();
  const snapshots = new Map<string, { readonly version: string; readonly snapshot: TS.IScriptSnapshot }>();
  const version = (path: string): string => {
    const now = performance.now();
    const last = known.get(path);
    const age = path.includes("/node_modules/") ? packageAge : ownAge;
    if (last && now - last.checkedAt < age) return last.version + sharedDocuments().suffix(path);
    const stat = statSync(path, { throwIfNoEntry: false });
    const fresh = { version: stat ? `${stat.mtimeMs}:${stat.size}` : "absent", checkedAt: now };
    known.set(path, fresh);
    return fresh.version + sharedDocuments().suffix(path);
  };
  return {
    version,
    snapshot(path) {
      const current = version(path);
      const last = snapshots.get(path);
      if (last?.version === current) return last.snapshot;
      const text = ts.sys.readFile(path);
      if (text === undefined) return undefined;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      snapshots.set(path, { version: current, snapshot });
      return snapshot;
    },
  };
}
