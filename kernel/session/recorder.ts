import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { openArtifacts, sweepTemporary } from "../store/artifacts.ts";
import { uuidv7 } from "../store/ids.ts";
import { databaseName } from "../store/location.ts";
import { contentIdOf, coveredPart, reproduciblePart } from "../store/reproducible.ts";
import { takeSnapshot } from "./environment.ts";
import { LatestEntries } from "./latest-entries.ts";
import { type Lineage, startLineage } from "./lineage.ts";
import type { LateArrivals, OpenExecution, Seal } from "./open-execution.ts";
import { PauseTimer } from "./pause-timer.ts";
import { storeNotice } from "./problems.ts";
import { quietMoment } from "./quiet-moment.ts";
import { ReachableRows } from "./reachable-rows.ts";
import { openRecordRows } from "./record-rows.ts";
import type { ExecutionEnd, OpenRecorder } from "./record-writing.ts";
import { addTo, mostText, notKept, type OutputSlot, recordOutputs } from "./recorded-outputs.ts";

export type { CellNames, ExecutionEnd, ExecutionStart, Recorder, RecorderOptions } from "./record-writing.ts";

/** Milliseconds that output of a running cell waits before it is written, together with what arrives meanwhile. */
const flushDelay = 250;
/**
 * Executions are entered in the search once no cell has begun or ended for `quiet` milliseconds, but at most `patience` milliseconds late,
 * and that keeps the session from other work for `most` milliseconds at a time. When more than `backlog` wait, because cells run without a pause, it
 * goes on beside them: who comes after a session that was killed looks at the latest thousand only.
 */
const indexing = { quiet: 100, patience: 3000, most: 5, backlog: 400 };
/** Milliseconds between signs of life. */
const heartbeat = 20_000;
/** What ended executions may hold while the store cannot be written: their number, and the characters of what they put out. */
const mostWaiting = { executions: 500, characters: mostText };

export const openRecorder: OpenRecorder = ({ storeFolder, notebook, sessionId, snapshot = true, ...options }) => {
  const artifacts = openArtifacts(storeFolder);
  const { required = false, delay = 0, tell = () => {} } = options;
  /** Executions that are not in the database in their last form: the one that runs, and ended ones that could not be written yet. */
  const open = new Map<string, OpenExecution>();
  /** What the environment was found to be. */
  let taken: object | undefined;
  let lost = 0;
  const rows = new ReachableRows({
    path: join(storeFolder, databaseName),
    open: () => {
      const opened = openRecordRows(storeFolder, artifacts, { id: sessionId, notebook });
      if (taken) opened.environment(taken);
      return opened;
    },
    onGone: () => {
      for (const execution of open.values()) if (execution.entered) execution.lost = true;
      searched.clear();
      tell(storeNotice.gone(storeFolder));
    },
    onTrouble: (trouble) => tell(storeNotice.trouble(trouble)),
    onEnd: () => {
      tell(storeNotice.recovered(storeFolder, lost));
      lost = 0;
    },
  });
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
  let closed = false;

  if (required) rows.open();
  rows.attempt(() => sweepTemporary(storeFolder));
  const pulse = setInterval(() => rows.quietly((reached) => reached.sign()), heartbeat);
  pulse.unref();

  const cancel = new AbortController();
  const quiet = quietMoment(300, 3000);
  const environment = snapshot
    ? quiet.come
        .then(() => takeSnapshot({ folder: dirname(notebook.path), artifacts, signal: cancel.signal }))
        .then((found) => {
          taken = found;
          if (!closed) rows.quietly((reached) => reached.environment(found));
        })
        .catch(() => {})
    : Promise.resolve();

  /** Writes all that waits, in one transaction. What cannot be written stays and is tried again. */
  const flush = (how: "attempt" | "insist" = "attempt") => {
    clearTimeout(timer);
    timer = undefined;
    const written = rows[how]((reached) => {
      reached.write(
        [...open.values()].filter((execution) => !execution.lost),
        late,
      );
    });
    for (const [id, execution] of open) if (execution.seal && (written || execution.lost)) open.delete(id);
    if (written) return late.clear();
    letGo();
    flushSoon(rows.pause);
  };
  /** Gives up the oldest of what waits for a store that stays away, so that memory stays bounded. */
  const letGo = () => {
    const waiting = [...open.values()].filter(({ seal }) => seal);
    let characters = waiting.reduce((sum, { outputs }) => sum + outputs.characters, 0);
    for (const [at, { id, outputs }] of waiting.entries()) {
      if (waiting.length - at <= mostWaiting.executions && characters <= mostWaiting.characters) break;
      characters -= outputs.characters;
      open.delete(id);
      lost++;
    }
    if (late.size > mostWaiting.executions) late.clear();
  };
  const flushSoon = (delay = flushDelay) => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      flush();
    }, delay).unref();
  };
  /** Writes when what runs now has run: what a cell or a front end waits for goes out first. */
  const writeNext = () => {
    longCell.stop();
    next ??= setImmediate(() => {
      next = undefined;
      if (!closed) flush();
    });
  };
  /** Where seals are late, a cell is written before its end only if it takes long: a short one is written once. */
  const longCell = new PauseTimer(3 * delay, writeNext);
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
    const behind = searched.size > indexing.backlog;
    if (behind || now - stirred >= indexing.quiet || now - indexed >= indexing.patience) {
      rows.quietly((reached) => reached.index(searched, behind ? 3 * indexing.most : indexing.most));
      indexed = now;
    }
    if (searched.size > 0) indexTimer = setTimeout(indexSome, Math.max(indexing.quiet, rows.pause)).unref();
  };
  const contentIdFor = (id: string): string | undefined =>
    sealed.get(id) ??
    open.get(id)?.seal?.contentId ??
    rows.quietly((reached) => reached.execution(id)?.contentId) ??
    undefined;
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

  rows.quietly((reached) => reached.notIndexed().forEach(indexSoon));

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
    longCell.stop();
    clearTimeout(indexTimer);
    for (const execution of open.values())
      execution.seal ??= sealOf(execution, { status: "interrupted", detail: "the session was closed" });
    if (open.size > 0 || late.size > 0) flush("insist");
    rows.quietly((reached) => reached.index(searched, Number.POSITIVE_INFINITY));
    rows.close();
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
        lost: false,
        outputs: recordOutputs(),
        events: [],
        participants: [],
        names: undefined,
        order: undefined,
        seal: undefined,
      });
      if (delay === 0) writeNext();
      else if (!next) longCell.stir();
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
    cellOf: (id) => open.get(id)?.start.cell.id ?? rows.quietly((reached) => reached.execution(id)?.cellId),
    reading: (work) => {
      flush();
      return rows.quietly((reached) => reached.reading(work));
    },
    seal,
    flush: () => closed || flush("insist"),
    close,
    [Symbol.asyncDispose]: close,
  };
};
