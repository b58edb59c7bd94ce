import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Output } from "../protocol/outputs.ts";
import type { ExecutionRecord, ReplayVerdict } from "../protocol/record.ts";
import { openArtifacts } from "../store/artifacts.ts";
import { openDatabase, openForReading, type RecordDatabase } from "../store/database.ts";
import { listExecutions } from "../store/queries.ts";
import { readExecution, readOutputs } from "../store/record-reader.ts";
import { inserter } from "../store/rows.ts";
import { compareOutputs } from "./output-comparison.ts";
import { Session } from "./session.ts";

export interface ReplayRequest {
  readonly storeFolder: string;
  /** Full execution id. */
  readonly executionId: string;
  /** How far numbers may differ, relative to the larger one (absolute below 1), to count as the same. 0 asks for the same bits. */
  readonly tolerance: number;
  /** Told before each execution: which one of how many. */
  readonly onStep?: (record: ExecutionRecord, step: number, of: number) => void;
  /** Ends the replay early. */
  readonly signal?: AbortSignal;
}

/** An execution that was replayed, with what came of it. */
export interface ReplayedExecution {
  readonly record: ExecutionRecord;
  readonly verdict: ReplayVerdict;
}

/**
 * Runs an execution again, after all that ran before it in its epoch, in the same order, in a fresh process, with records of its own that are thrown away.
 * Gives a verdict for each, the asked one last, and appends the verdicts to their records.
 */
export async function replay(request: ReplayRequest): Promise<ReplayedExecution[]> {
  const { storeFolder, executionId } = request;
  const source = openForReading(storeFolder);
  if (!source) return [];
  const scratch = mkdtempSync(join(tmpdir(), "assay-replay-"));
  try {
    // Artifacts are known by their content, so the replay may use and add to those of the store.
    mkdirSync(join(storeFolder, "artifacts"), { recursive: true });
    symlinkSync(resolve(storeFolder, "artifacts"), join(scratch, "artifacts"), "junction");
    const target = readExecution(source, openArtifacts(storeFolder), executionId);
    const earlier = epochOf(source, storeFolder, target);
    const reason = obstacle(earlier, target);
    const replayed =
      reason === null
        ? await rerun(request, source, earlier.filter(isRepeatable), scratch)
        : [{ record: target, verdict: cannotRun(reason) }];
    appendVerdicts(storeFolder, replayed);
    return replayed;
  } finally {
    source.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The executions of an epoch up to one, that one last. */
function epochOf(database: RecordDatabase, storeFolder: string, target: ExecutionRecord): ExecutionRecord[] {
  const artifacts = openArtifacts(storeFolder);
  return listExecutions(database, { session: target.sessionId })
    .filter((one) => one.epoch === target.epoch && one.executionCount <= target.executionCount)
    .map((one) => readExecution(database, artifacts, one.executionId));
}

/** How far an execution came that was stopped is not known, so it cannot be repeated. */
function isRepeatable({ state }: ExecutionRecord): boolean {
  return state === "ok" || state === "error";
}

function obstacle(earlier: readonly ExecutionRecord[], target: ExecutionRecord): string | null {
  if (!existsSync(dirname(target.notebookPath))) return `the notebook's folder ${dirname(target.notebookPath)} is gone`;
  const missing = target.executionCount - earlier.length;
  if (missing > 0) return `${missing} of the executions that ran before it were not recorded`;
  const needed = new Set([...target.closure, target.executionId]);
  const stopped = earlier.find((one) => needed.has(one.executionId) && !isRepeatable(one));
  if (!stopped) return null;
  const which = stopped === target ? "it" : `execution ${stopped.executionCount}, on which it depends,`;
  return `${which} ${stopped.state === "running" ? "still runs" : "did not come to its end"}`;
}

async function rerun(
  { storeFolder, tolerance, onStep, signal }: ReplayRequest,
  source: RecordDatabase,
  records: readonly ExecutionRecord[],
  scratch: string,
): Promise<ReplayedExecution[]> {
  const first = records[0];
  if (!first) return [];
  const { notebookPath: path, notebookId: id, mode, seed, parameters } = first;
  const session = new Session({
    notebook: { path, id, mode, seed, parameters, store: scratch },
    origins: storeFolder,
  });
  const stop = () => void session.close();
  signal?.addEventListener("abort", stop);
  const ids: string[] = [];
  try {
    await session.start();
    for (const [at, record] of records.entries()) {
      signal?.throwIfAborted();
      onStep?.(record, at + 1, records.length);
      const { cellId, cellIndex: index, source: text, tags, mode, seed } = record;
      const reply = await session.execute({ id: cellId, index, source: text, tags }, { mode, seed });
      ids.push(reply.executionId);
      if (reply.status === "crashed") break;
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", stop);
    await session.close();
  }

  const copy = openForReading(scratch);
  try {
    let firstDiverging: string | null = null;
    return records.map((record, at) => {
      const id = ids[at];
      if (!copy || id === undefined)
        return { record, verdict: cannotRun("an earlier execution of the replay crashed") };
      const again = readExecution(copy, openArtifacts(scratch), id);
      const outputs = compareOutputs(
        shown(source, storeFolder, record.executionId),
        shown(copy, scratch, id),
        tolerance,
      );
      const sameEnd = again.state === record.state;
      const different = !sameEnd || outputs.some((one) => one.verdict === "different");
      if (different) firstDiverging ??= record.executionId;
      const within = outputs.some((one) => one.verdict === "within tolerance");
      const verdict: ReplayVerdict = {
        at: new Date().toISOString(),
        verdict: different ? "different" : within ? "within tolerance" : "bit-identical",
        outputs,
        firstDiverging: different ? firstDiverging : null,
        reason: sameEnd ? null : `it ended with ${again.state}, not ${record.state}`,
      };
      return { record, verdict };
    });
  } finally {
    copy?.close();
  }
}

/** The outputs that the content id covers. */
function shown(
  database: RecordDatabase,
  storeFolder: string,
  id: string,
): (Exclude<Output, { type: "clear" }> | undefined)[] {
  return readOutputs(database, openArtifacts(storeFolder), id)
    .filter(({ row }) => row.late === 0)
    .map(({ output }) => output);
}

function cannotRun(reason: string): ReplayVerdict {
  return { at: new Date().toISOString(), verdict: "cannot run", outputs: [], firstDiverging: null, reason };
}

function appendVerdicts(storeFolder: string, replayed: readonly ReplayedExecution[]): void {
  const database = openDatabase(storeFolder);
  try {
    const insert = inserter(database);
    database.transaction(() => {
      for (const { record, verdict } of replayed) {
        insert("verdicts", { execution_id: record.executionId, at: verdict.at, verdict: JSON.stringify(verdict) });
      }
    })();
  } finally {
    database.close();
  }
}
