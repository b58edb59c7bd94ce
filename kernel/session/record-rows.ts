import { join } from "node:path";
import type { RecordEvent } from "../protocol/cell-context.ts";
import type { Artifacts } from "../store/artifacts.ts";
import { canonicalJson, hashOf } from "../store/canonical.ts";
import { openDatabase, type RecordDatabase } from "../store/database.ts";
import { continueAfter } from "../store/ids.ts";
import { ownIdentity } from "../store/liveness.ts";
import { databaseName } from "../store/location.ts";
import { explained } from "../store/problems.ts";
import { type Insert, inserter } from "../store/rows.ts";
import { searchWriter } from "../store/search.ts";
import { eventWriter } from "./event-rows.ts";
import type { LateArrivals, OpenExecution, Seal } from "./open-execution.ts";
import { outputRow } from "./output-rows.ts";
import type { RecorderOptions } from "./record-writing.ts";

/** Milliseconds that a cell waits for a lock of another process, and the end of a session. */
const patience = { cell: 300, end: 5000 };

/** The rows of one session. Each method is one transaction, and throws an `AssayError` when the database cannot be written. */
export interface RecordRows {
  /** Writes what is new of open executions: that they began, their outputs and events, their seals; and what arrived late. */
  write(open: readonly OpenExecution[], late: ReadonlyMap<string, LateArrivals>): void;
  /** An execution of this session that has begun. */
  execution(id: string): { readonly cellId: string; readonly contentId: string | null } | undefined;
  /** Brings the search up to date with executions, and takes those out of the set that were done in the given time. */
  index(ids: Set<string>, milliseconds: number): void;
  /** The latest executions that the search does not know, because their session was killed. */
  notIndexed(): string[];
  /** Enters the environment of the session, also in the executions that began before it was known. */
  environment(snapshot: object): void;
  /** Lets `work` read the database. */
  reading<T>(work: (database: RecordDatabase) => T): T;
  /** Leaves a sign of life. */
  sign(): void;
  /** Says that the session ended in order, and closes the database. */
  close(): void;
}

/** Opens the database of a store and enters a session. */
export function openRecordRows(
  storeFolder: string,
  artifacts: Artifacts,
  session: { readonly id: string; readonly notebook: RecorderOptions["notebook"] },
): RecordRows {
  const database = openDatabase(storeFolder);
  const insert = inserter(database);
  const path = join(storeFolder, databaseName);
  const now = () => new Date().toISOString();
  let environmentId: string | null = null;

  /** Makes one transaction of a function, and words its failure. */
  const transaction = <A extends unknown[]>(body: (...values: A) => void) => {
    const whole = database.transaction(body);
    return (...values: A) => {
      try {
        whole.immediate(...values);
      } catch (error) {
        throw explained(error, path);
      }
    };
  };

  const writeExecution = executionWriter(database, insert, artifacts);
  const updateSearch = searchWriter(database);
  const notIndexed = database
    .prepare<[], string>(
      `select id from (select id from executions order by id desc limit 1000) e
         where not exists (select 1 from searchable s where s.execution_id = e.id)`,
    )
    .pluck();
  const findExecution = database.prepare<[string, string], { cellId: string; contentId: string | null }>(
    "select cell_id as cellId, content_id as contentId from executions where id = ? and session_id = ?",
  );
  const enterEnvironment = database.prepare("update sessions set environment = ? where id = ?");
  const enterEarlier = database.prepare(
    "update executions set environment = ? where session_id = ? and environment is null",
  );
  const sign = database.prepare("update sessions set seen_at = ? where id = ?");
  const end = database.prepare("update sessions set seen_at = @at, ended_at = @at where id = @id");

  const enterExecution = ({ id, start, began }: OpenExecution) =>
    insert("executions", {
      id,
      session_id: session.id,
      notebook_id: session.notebook.id,
      cell_id: start.cell.id,
      cell_index: start.cell.index,
      epoch: start.epoch,
      execution_count: start.executionCount,
      source: start.cell.source,
      parameters: canonicalJson({ ...start.parameters }),
      seed: start.seed,
      mode: start.mode,
      policy_version: start.policyVersion ?? "1",
      environment: environmentId,
      started_at: began,
      ended_at: null,
      duration: null,
      peak_memory: null,
      status: null,
      detail: null,
      names: null,
      upstream: null,
      output_hashes: null,
      content_id: null,
      tags: JSON.stringify(start.cell.tags ?? []),
    });

  const writeNews = transaction((open: readonly OpenExecution[], late: ReadonlyMap<string, LateArrivals>) => {
    for (const execution of open) {
      if (!execution.entered) enterExecution(execution);
      writeExecution.current(execution);
    }
    // What comes late for an execution that could not be kept has no place either.
    for (const [id, arrivals] of late) if (findExecution.get(id, session.id)) writeExecution.late(id, arrivals);
  });

  const enterSession = transaction(() => {
    const { host, boot, pid, pidSpace, processStarted } = ownIdentity();
    insert("sessions", {
      id: session.id,
      notebook_id: session.notebook.id,
      notebook_path: session.notebook.path,
      host,
      boot,
      pid_space: pidSpace,
      pid,
      process_started: processStarted,
      environment: null,
      started_at: now(),
      seen_at: now(),
      ended_at: null,
    });
  });
  try {
    enterSession();
  } catch (error) {
    database.close();
    throw error;
  }
  const latest = database.prepare<[], string | null>("select max(id) from executions").pluck().get();
  if (latest) continueAfter(latest);
  database.pragma(`busy_timeout = ${patience.cell}`);

  return {
    execution: (id) => findExecution.get(id, session.id),
    index: transaction((ids: Set<string>, milliseconds: number) => {
      const until = performance.now() + milliseconds;
      for (const id of ids) {
        updateSearch(id);
        ids.delete(id);
        if (performance.now() > until) return;
      }
    }),
    notIndexed: () => notIndexed.all(),
    write: (open, late) => {
      writeNews(open, late);
      for (const execution of open) {
        execution.entered = true;
        execution.outputs.markWritten();
        execution.events = [];
      }
    },
    environment: transaction((snapshot: object) => {
      const json = canonicalJson(snapshot);
      environmentId = hashOf(json);
      insert("environments", { sha256: environmentId, snapshot: json, taken_at: now() }, "ignore");
      enterEnvironment.run(environmentId, session.id);
      enterEarlier.run(environmentId, session.id);
    }),
    reading: (work) => work(database),
    sign: transaction(() => sign.run(now(), session.id)),
    close: () => {
      try {
        database.pragma(`busy_timeout = ${patience.end}`);
        end.run({ at: now(), id: session.id });
      } catch (error) {
        throw explained(error, path);
      } finally {
        database.close();
      }
    },
  };
}

/** Makes the functions that write the news of one execution, inside a transaction. */
function executionWriter(database: RecordDatabase, insert: Insert, artifacts: Artifacts) {
  const writeEvent = eventWriter(database, insert);
  const clearOutputs = database.prepare("delete from outputs where execution_id = ? and late = 0");
  const nextLate = database
    .prepare<[string], number>("select count(*) from outputs where execution_id = ? and late = 1")
    .pluck();
  const sealRow = database.prepare(
    `update executions set ended_at = @endedAt, duration = @duration, peak_memory = @peakMemory, status = @status,
       detail = @detail, names = @names, run_order = @order, violation = @violation, upstream = @upstream, output_hashes = @outputHashes, content_id = @contentId
     where id = @id and status is null`,
  );

  /** An event that breaks the schema must not cost the rest of the record: it is dropped, and the record says so. */
  const writeEvents = (id: string, events: readonly RecordEvent[], late: boolean) => {
    for (const event of events) {
      try {
        writeEvent(id, event, late);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        if (!(error instanceof TypeError || error instanceof RangeError || code.startsWith("SQLITE_CONSTRAINT")))
          throw error;
        const text = `A record event of type ${event.type} could not be kept: ${error instanceof Error ? error.message : code}\n`;
        const place = { executionId: id, late: true, position: nextLate.get(id) ?? 0 };
        insert(
          "outputs",
          outputRow(artifacts, place, { output: { type: "stream", name: "stderr", text }, written: false }),
        );
      }
    }
  };

  // A parent that could not be kept has no row. Its content id stays among those of `upstream`.
  const enterParent = database.prepare(
    "insert into parents (execution_id, position, parent_id) select ?, ?, id from executions where id = ?",
  );
  const writeSeal = ({ id, names, order }: OpenExecution, seal: Seal) => {
    for (const [position, parent] of seal.parents.entries()) enterParent.run(id, position, parent);
    sealRow.run({
      id,
      endedAt: seal.endedAt,
      duration: seal.duration,
      peakMemory: seal.end.peakMemory === undefined ? null : Math.round(seal.end.peakMemory),
      status: seal.end.status,
      detail: seal.end.detail ?? null,
      names: names ? JSON.stringify(names) : null,
      order: order ? JSON.stringify(order) : null,
      violation: seal.end.violation ? JSON.stringify(seal.end.violation) : null,
      upstream: JSON.stringify(seal.upstream),
      outputHashes: JSON.stringify(seal.outputHashes),
      contentId: seal.contentId,
    });
  };

  return {
    current(execution: OpenExecution) {
      const { id, outputs } = execution;
      if (outputs.cleared) clearOutputs.run(id);
      for (const [position, slot] of outputs.news()) {
        insert("outputs", outputRow(artifacts, { executionId: id, late: false, position }, slot), "replace");
      }
      writeEvents(id, execution.events, false);
      if (execution.seal) writeSeal(execution, execution.seal);
    },
    late(id: string, { slots, events }: LateArrivals) {
      for (const slot of slots) {
        insert("outputs", outputRow(artifacts, { executionId: id, late: true, position: nextLate.get(id) ?? 0 }, slot));
      }
      writeEvents(id, events, true);
    },
  };
}
