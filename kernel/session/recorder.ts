import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { AssayError } from "../protocol/problem.ts";
import { openArtifacts, sweepTemporary } from "../store/artifacts.ts";
import { uuidv7 } from "../store/ids.ts";
import { contentIdOf, coveredPart, reproduciblePart } from "../store/reproducible.ts";
import { takeSnapshot } from "./environment.ts";
import { LatestEntries } from "./latest-entries.ts";
import { type Lineage, startLineage } from "./lineage.ts";
import type { LateArrivals, OpenExecution, Seal } from "./open-execution.ts";
import { quietMoment } from "./quiet-moment.ts";
import { openRecordRows } from "./record-rows.ts";
import type { ExecutionEnd, OpenRecorder } from "./record-writing.ts";
import { addTo, mostText, notKept, type OutputSlot, recordOutputs } from "./recorded-outputs.ts";

export type { CellNames, ExecutionEnd, ExecutionStart, Recorder, RecorderOptions } from "./record-writing.ts";

/** Milliseconds that output of a running cell waits before it is written, together with what arrives meanwhile. */
const flushDelay = 250;
/**
 * Executions are entered in the search once no cell has begun or ended for `quiet` milliseconds, but at most `patience` milliseconds late,
 * and that keeps the session from other work for `most` milliseconds at a time.
 */
const indexing = { quiet: 100, patience: 3000, most: 5 };
/** Milliseconds between signs of life. */
const heartbeat = 20_000;

export const openRecorder: OpenRecorder = ({
  storeFolder,
  notebook,
  sessionId,
  snapshot = true,
  onTrouble = () => {},
}) => {
  const artifacts = openArtifacts(storeFolder);
  const rows = openRecordRows(storeFolder, artifacts, { id: sessionId, notebook });
  const open = new Map<string, OpenExecution>();
  const late = new Map<string, LateArrivals>();
  /** Characters of late text by execution. */
  const lateText = new Map<string, number>();
  /** Content ids of the latest executions of this session. Those of older ones lie in the database. */
  const sealed = new LatestEntries<string>(200);
  let lineage: { readonly epoch: number; readonly of: Lineage } = { epoch: 0, of: startLineage() };
  /** Executions that the search does not know yet, or not as they are now. */
  const searched = new Set<string>();
  let indexTimer: NodeJS.Timeout | undefined;
  /** When a cell last began or ended, and when some executions were last entered in the search. */
  let stirred = 0;
  let indexed = 0;
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;
  let trouble: AssayError | undefined;
  let closed = false;

  sweepTemporary(storeFolder);
  const pulse = setInterval(() => quietly(() => rows.sign()), heartbeat);
  pulse.unref();

  const cancel = new AbortController();
  const quiet = quietMoment(300, 3000);
  const environment = snapshot
    ? quiet.come
        .then(() => takeSnapshot({ folder: dirname(notebook.path), artifacts, signal: cancel.signal }))
        .then((taken) => closed || quietly(() => rows.environment(taken)))
        .catch(() => {})
    : Promise.resolve();

  /** Writes all that waits, in one transaction. What cannot be written stays and is tried again. */
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    rows.write([...open.values()], late);
    for (const [id, { seal }] of open) if (seal) open.delete(id);
    late.clear();
  };
  /** Writes, and tells when that goes wrong for the first time, and when it goes well again. */
  const write = () => {
    if (closed) return;
    let problem: AssayError | undefined;
    try {
      flush();
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      problem = error;
      flushSoon();
    }
    if ((problem === undefined) !== (trouble === undefined)) onTrouble(problem);
    trouble = problem;
  };
  const flushSoon = () => {
    if (closed) return;
    timer ??= setTimeout(write, flushDelay).unref();
  };
  /** Writes when what runs now has run: what a cell or a front end waits for goes out first. */
  const writeNext = () => {
    next ??= setImmediate(() => {
      next = undefined;
      write();
    });
  };
  /** Enters executions in the search a little later, in small portions, so that no cell waits for it. */
  const indexSoon = (id: string) => {
    searched.add(id);
    stirred = performance.now();
    if (indexTimer) return;
    indexed = stirred;
    indexTimer = setTimeout(indexSome, indexing.quiet).unref();
  };
  const indexSome = () => {
    indexTimer = undefined;
    if (closed) return;
    const now = performance.now();
    if (now - stirred >= indexing.quiet || now - indexed >= indexing.patience) {
      quietly(() => rows.index(searched, indexing.most));
      indexed = now;
    }
    if (searched.size > 0) indexTimer = setTimeout(indexSome, indexing.quiet).unref();
  };
  const contentIdFor = (id: string): string | undefined =>
    sealed.get(id) ?? open.get(id)?.seal?.contentId ?? quietly(() => rows.execution(id)?.contentId) ?? undefined;
  const addLate = (id: string, output: OutputSlot["output"]) => {
    if (output.type === "stream") {
      const before = lateText.get(id) ?? 0;
      if (before > mostText) return;
      lateText.set(id, before + output.text.length);
      if (before + output.text.length > mostText) addTo(arrivals(id).slots, notKept);
    }
    addTo(arrivals(id).slots, output);
  };
  const arrivals = (id: string): LateArrivals => {
    const known = late.get(id) ?? { slots: [], events: [] };
    late.set(id, known);
    return known;
  };

  quietly(() => rows.notIndexed().forEach(indexSoon));

  const sealOf = (execution: OpenExecution, end: ExecutionEnd): Seal => {
    const { start, outputs, participants, names } = execution;
    if (lineage.epoch !== start.epoch) lineage = { epoch: start.epoch, of: startLineage() };
    const parents = lineage.of.enter(execution.id, names);
    const upstream = parents.flatMap((id) => contentIdFor(id) ?? []);
    const outputHashes = outputs.hashes();
    const part = reproduciblePart({
      source: start.cell.source,
      parameters: { ...start.parameters },
      seed: start.seed,
      mode: start.mode,
      policyVersion: start.policyVersion ?? "1",
      upstream,
      participants,
      outputs: outputHashes,
      status: end.status,
    });
    const duration = performance.now() - execution.startedAt;
    const endedAt = new Date().toISOString();
    return { end, endedAt, duration, parents, upstream, outputHashes, contentId: contentIdOf(part) };
  };

  const seal = (id: string, end: ExecutionEnd): string => {
    const execution = open.get(id);
    if (!execution) return contentIdFor(id) ?? "";
    execution.seal ??= sealOf(execution, end);
    sealed.set(id, execution.seal.contentId);
    writeNext();
    indexSoon(id);
    return execution.seal.contentId;
  };

  const close = async () => {
    if (closed) return;
    clearInterval(pulse);
    quiet.end();
    await Promise.race([environment, new Promise((done) => setTimeout(done, 1000).unref())]);
    cancel.abort();
    closed = true;
    clearTimeout(timer);
    clearImmediate(next);
    clearTimeout(indexTimer);
    try {
      for (const id of open.keys()) seal(id, { status: "interrupted", detail: "the session was closed" });
      flush();
      quietly(() => rows.index(searched, Number.POSITIVE_INFINITY));
    } finally {
      rows.close();
    }
  };

  return {
    begin(start) {
      const id = uuidv7();
      quiet.busy();
      open.set(id, {
        id,
        start,
        startedAt: performance.now(),
        began: new Date().toISOString(),
        entered: false,
        outputs: recordOutputs(),
        events: [],
        participants: [],
        names: undefined,
        order: undefined,
        seal: undefined,
      });
      writeNext();
      indexSoon(id);
      return id;
    },
    names(id, names, order) {
      const execution = open.get(id);
      if (execution) Object.assign(execution, { names, order });
    },
    output(id, output, isLate = false) {
      const execution = open.get(id);
      if (execution && !execution.seal && !isLate) execution.outputs.add(output);
      else if (output.type === "clear" || (output.type === "display" && output.transient)) return;
      else if (execution || contentIdFor(id) !== undefined) addLate(id, output);
      flushSoon();
    },
    event(id, event) {
      const execution = open.get(id);
      if (execution && !execution.seal) {
        execution.events.push(event);
        if (event.type === "used" || event.type === "produced") {
          execution.participants.push(coveredPart(event.type, event.what));
        }
      } else if (execution || contentIdFor(id) !== undefined) {
        arrivals(id).events.push(event);
        searched.add(id);
      }
      flushSoon();
    },
    cellOf: (id) => open.get(id)?.start.cell.id ?? quietly(() => rows.execution(id)?.cellId),
    reading: (work) => {
      quietly(flush);
      return quietly(() => rows.reading(work));
    },
    seal,
    flush: () => closed || flush(),
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** For work that is tried again later, or that only adds comfort: a full disk must not end a session. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // The next write meets the same trouble and tells it.
    return undefined;
  }
}
