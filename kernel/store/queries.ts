import type { Violation } from "../protocol/lineage.ts";
import type { ExecutionSummary } from "../protocol/record.ts";
import type { RecordDatabase } from "./database.ts";
import { firstIdOf } from "./ids.ts";
import { isAlive } from "./liveness.ts";
import { storeProblem } from "./problems.ts";
import type { ExecutionRow, SessionRow } from "./rows.ts";
import { textCondition } from "./search.ts";

/** An execution with what it takes to say whether its session lives. */
export type JoinedRow = ExecutionRow & Omit<SessionRow, keyof ExecutionRow> & { session_ended: string | null };

/** Selects executions as `JoinedRow`. */
export const joined = `select e.*, s.notebook_path, s.host, s.boot, s.pid_space, s.pid, s.process_started, s.seen_at,
  s.ended_at as session_ended from executions e join sessions s on s.id = e.session_id`;

export interface RecordFilter {
  /** Notebook id, or a part of the notebook's path. */
  readonly notebook?: string | undefined;
  /** Notebook id exactly. */
  readonly notebookId?: string | undefined;
  readonly cell?: string | undefined;
  readonly session?: string | undefined;
  readonly status?: ExecutionSummary["state"] | undefined;
  readonly mode?: ExecutionSummary["mode"] | undefined;
  /** Only executions whose outputs break their mode. */
  readonly violating?: boolean | undefined;
  /** Words that all occur in the source, the notebook's path, an id, or the facts (prompts and the like) of what was made. */
  readonly text?: string | undefined;
  /** Only executions that began at this time (ISO 8601) or later. */
  readonly since?: string | undefined;
  /** Only executions that began before this time. */
  readonly until?: string | undefined;
  /** Only executions older than this one. */
  readonly before?: string | undefined;
  /** How many, the newest. Default all. */
  readonly limit?: number | undefined;
}

/** The executions of a store, the oldest first. */
export function listExecutions(database: RecordDatabase, filter: RecordFilter = {}): ExecutionSummary[] {
  const { status, limit = Number.POSITIVE_INFINITY } = filter;
  const { match, conditions, values } = textCondition(filter.text ?? "");
  const bounds = boundsOf(filter);
  const clauses = [...clausesOf({ ...filter, ...bounds }), ...conditions];
  // Rows of the index are numbered in the order in which executions began, so the newest come first without sorting.
  const [from, order] =
    match === undefined
      ? [joined, "e.id"]
      : [
          joined.replace(
            "from executions e",
            "from search f cross join searchable x on x.id = f.rowid cross join executions e on e.id = x.execution_id",
          ),
          "f.rowid",
        ];
  if (match !== undefined) {
    clauses.push("search match @match");
    if (filter.before !== undefined) clauses.push("f.rowid < (select id from searchable where execution_id = @before)");
  }
  const where = clauses.length === 0 ? "" : `where ${clauses.join(" and ")}`;
  const statement = database.prepare<[Record<string, unknown>], JoinedRow>(`${from} ${where} order by ${order} desc`);
  const found: ExecutionSummary[] = [];
  for (const row of statement.iterate({ ...filter, ...bounds, match, ...values })) {
    if (found.length >= limit) break;
    const summary = summaryOf(row);
    if (status === undefined || summary.state === status) found.push(summary);
  }
  return found.reverse();
}

/** The times of a filter as the ids that executions of these times have at least. */
export function boundsOf({ since, until }: RecordFilter): { since?: string | undefined; until?: string | undefined } {
  return { since: since && firstIdOf(new Date(since)), until: until && firstIdOf(new Date(until)) };
}

/** Conditions on executions `e` and sessions `s`. What an open record reads as is only known when its session was looked up. */
export function clausesOf(filter: RecordFilter): string[] {
  const { notebook, notebookId, cell, session, status, mode, violating, since, until, before } = filter;
  return [
    notebook === undefined ? "" : "(e.notebook_id = @notebook or instr(s.notebook_path, @notebook) > 0)",
    notebookId === undefined ? "" : "e.notebook_id = @notebookId",
    cell === undefined ? "" : "e.cell_id = @cell",
    session === undefined ? "" : "e.session_id = @session",
    status === undefined
      ? ""
      : status === "running" || status === "crashed"
        ? "(e.status is null or e.status = @status)"
        : "e.status = @status",
    mode === undefined ? "" : "e.mode = @mode",
    violating ? "e.violation is not null" : "",
    since === undefined ? "" : "e.id >= @since",
    until === undefined ? "" : "e.id < @until",
    before === undefined ? "" : "e.id < @before",
  ].filter((condition) => condition !== "");
}

/**
 * The full execution id of what a person typed: an id, its beginning or its end (six characters or more), the beginning of a content id
 * (the newest execution of that content), or `last`. Throws `record.unknown` or `record.ambiguous`.
 */
export function findExecution(database: RecordDatabase, typed: string, store: string): string {
  const text = typed.toLowerCase();
  if (text === "last") {
    const last = database.prepare<[], string>("select id from executions order by id desc limit 1").pluck().get();
    if (last === undefined) throw storeProblem.noRecord(typed, store);
    return last;
  }
  if (!/^[0-9a-f-]{6,64}$/.test(text)) throw storeProblem.noRecord(typed, store);
  const ids = database
    .prepare<[string, string], string>("select id from executions where id like ? or id like ? order by id")
    .pluck()
    .all(`${text}%`, `%${text}`);
  if (ids.length === 1) return ids[0]!;
  if (ids.length > 1) throw storeProblem.ambiguous(typed, ids.length, ids.slice(0, 3));
  const contents = database
    .prepare<[string], { content_id: string; id: string }>(
      "select content_id, max(id) as id from executions where content_id like ? group by content_id order by content_id",
    )
    .all(`${text}%`);
  if (contents.length === 0) throw storeProblem.noRecord(typed, store);
  if (contents.length > 1)
    throw storeProblem.ambiguous(
      typed,
      contents.length,
      contents.slice(0, 3).map((one) => one.content_id),
    );
  return contents[0]!.id;
}

/** All executions that one depends on, directly or through others, in the order in which they ran. */
export function closureOf(database: RecordDatabase, id: string): string[] {
  return database
    .prepare<[string], string>(
      `with recursive closure (id) as (
         select parent_id from parents where execution_id = ?
         union select parent_id from parents join closure on execution_id = closure.id
       ) select id from closure order by id`,
    )
    .pluck()
    .all(id);
}

/** The summary of a row. */
export function summaryOf(row: JoinedRow): ExecutionSummary {
  const [state, stateDetail] = stateOf(row);
  return {
    executionId: row.id,
    contentId: row.content_id,
    notebookId: row.notebook_id,
    notebookPath: row.notebook_path,
    cellId: row.cell_id,
    cellIndex: row.cell_index,
    executionCount: row.execution_count,
    epoch: row.epoch,
    sessionId: row.session_id,
    startedAt: row.started_at,
    duration: row.duration,
    state,
    stateDetail,
    mode: row.mode as ExecutionSummary["mode"],
    seed: row.seed,
    source: row.source,
    violationWords: row.violation == null ? null : (JSON.parse(row.violation) as Violation).words,
  };
}

/** A sealed record says how it ended. An open one runs while its session lives; nothing is written when it does not. */
function stateOf(row: JoinedRow): [ExecutionSummary["state"], string | null] {
  if (row.status !== null) return [row.status as ExecutionSummary["state"], row.detail];
  const { host, boot, pid_space: pidSpace, pid, process_started: processStarted } = row;
  const lives =
    row.session_ended === null && isAlive({ host, boot, pidSpace, pid, processStarted }, new Date(row.seen_at));
  return lives ? ["running", null] : ["crashed", "session lost"];
}
