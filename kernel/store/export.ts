import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ArtifactRef, artifactRef } from "../protocol/media.ts";
import type { ExecutionRecord } from "../protocol/record.ts";
import type { Artifacts } from "./artifacts.ts";
import type { RecordDatabase } from "./database.ts";
import { makeFolder } from "./make-folder.ts";
import { explained, storeProblem } from "./problems.ts";
import { closureOf } from "./queries.ts";
import { readEnvironment, readOutputs, readRecord } from "./record-reader.ts";

/** What `assay records export` writes: records with everything that they refer to. */
export interface RecordBundle {
  readonly format: "assay-records";
  readonly version: 1;
  readonly records: readonly (ExecutionRecord & { readonly outputBodies: readonly unknown[] })[];
  /** Snapshots by SHA-256. */
  readonly environments: Readonly<Record<string, unknown>>;
  /** The files under `artifacts/`, when the bundle is a folder. */
  readonly artifacts: readonly ArtifactRef[];
  /** Artifacts that the records refer to and the store does not hold. */
  readonly missing: readonly string[];
}

export interface ExportRequest {
  readonly database: RecordDatabase;
  readonly artifacts: Artifacts;
  readonly ids: readonly string[];
  /** Adds the executions that these depend on. */
  readonly closure: boolean;
  /** A file that ends in `.json`, or a folder that is made. */
  readonly out: string;
  /** Whether a file of that name is replaced. A folder never is. */
  readonly replace?: boolean;
}

/**
 * Writes a bundle; whole or not at all. A path that ends in `.json` gives one file without artifacts, any other a folder with
 * `records.json` and `artifacts/`. Every artifact is read and checked against its hash on the way; a corrupt one stops the export.
 */
export async function exportRecords(request: ExportRequest): Promise<RecordBundle> {
  const { database, artifacts, ids, closure, out, replace = false } = request;
  if (existsSync(out) && !(replace && out.endsWith(".json") && statSync(out).isFile())) throw storeProblem.exists(out);
  const all = [...new Set(ids.flatMap((id) => [...(closure ? closureOf(database, id) : []), id]))].sort();
  const records = all.map((id) => ({
    ...withoutFolder(readRecord(database, artifacts, id)),
    outputBodies: readOutputs(database, artifacts, id).map(({ output }) => output ?? null),
  }));
  const environments = Object.fromEntries(
    [...new Set(records.flatMap(({ environment }) => environment ?? []))].map((sha256) => [
      sha256,
      readEnvironment(database, sha256) ?? null,
    ]),
  );
  const found = new Map<string, ArtifactRef>();
  collect([records, environments], found);
  const kept: ArtifactRef[] = [];
  const missing: string[] = [];
  for (const ref of [...found.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))) {
    const state = await artifacts.verify(ref.sha256);
    if (state === "corrupt") throw storeProblem.artifactCorrupt(artifacts.path(ref.sha256));
    if (state === "sound") kept.push(ref);
    else missing.push(ref.sha256);
  }
  const asFile = out.endsWith(".json");
  const bundle: RecordBundle = {
    format: "assay-records",
    version: 1,
    records,
    environments,
    artifacts: asFile ? [] : kept,
    missing,
  };
  write(bundle, artifacts, out, asFile);
  return bundle;
}

function write(bundle: RecordBundle, artifacts: Artifacts, out: string, asFile: boolean): void {
  const temporary = `${out}.${randomBytes(6).toString("hex")}.part`;
  const json = `${JSON.stringify(bundle, null, 2)}\n`;
  try {
    makeFolder(dirname(out));
    if (asFile) writeFileSync(temporary, json);
    else {
      mkdirSync(temporary);
      writeFileSync(join(temporary, "records.json"), json);
      for (const { sha256 } of bundle.artifacts) {
        const shelf = join(temporary, "artifacts", sha256.slice(0, 2));
        mkdirSync(shelf, { recursive: true });
        copyFileSync(artifacts.path(sha256), join(shelf, sha256));
      }
    }
    renameSync(temporary, out);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw explained(error, out);
  }
}

/** A bundle is for others: it names the notebook, not the folders of the machine that it ran on. */
function withoutFolder(record: ExecutionRecord): ExecutionRecord {
  const nodes = record.lineage?.nodes.map(({ madeBy, ...node }) =>
    madeBy ? { ...node, madeBy: { ...madeBy, notebookPath: basename(madeBy.notebookPath) } } : node,
  );
  const lineage = record.lineage && nodes ? { lineage: { ...record.lineage, nodes } } : {};
  return { ...record, ...lineage, notebookPath: basename(record.notebookPath) };
}

/** Finds the references to artifacts in any JSON. */
function collect(value: unknown, found: Map<string, ArtifactRef>): void {
  if (typeof value !== "object" || value === null) return;
  if ("sha256" in value && "bytes" in value && "mime" in value) {
    const ref = artifactRef.safeParse({ sha256: value.sha256, bytes: value.bytes, mime: value.mime });
    if (ref.success) found.set(ref.data.sha256, ref.data);
  }
  for (const member of Object.values(value)) collect(member, found);
}
