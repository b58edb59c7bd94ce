import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
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
/** Milliseconds after which an execution is entered in the search, and for which that may keep the session from other work. */
const indexing = { delay: 100, most: 5 };
/** Milliseconds between signs of life. */
const heartbeat = 20_000;

export const openRecorder: OpenRecorder = ({ storeFolder, notebook, sessionId, snapshot = true }) => {
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
  let timer: NodeJS.Timeout | undefined;
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
  const flushSoon = () => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      quietly(flush);
    }, flushDelay).unref();
  };
  /** Enters executions in the search a little later, in small portions, so that no cell waits for it. */
  const indexSoon = (id: string) => {
    searched.add(id);
    indexTimer ??= setTimeout(indexSome, indexing.delay).unref();
  };
  const indexSome = () => {
    indexTimer = undefined;
    if (closed) return;
    quietly(() => rows.index(searched, indexing.most));
    if (searched.size > 0) indexTimer = setTimeout(indexSome, indexing.delay).unref();
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
    flush();
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
      rows.begin(id, start);
      open.set(id, {
        id,
        start,
        startedAt: performance.now(),
        outputs: recordOutputs(),
        events: [],
        participants: [],
        names: undefined,
        order: undefined,
        seal: undefined,
      });
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
    seal,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** For work that is tried again later, or that only adds comfort: a full disk must not end a session. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // The next `begin` or `seal` meets the same trouble and reports it.
    return undefined;
  }
}
