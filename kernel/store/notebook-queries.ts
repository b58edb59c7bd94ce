import type { NotebookDay, NotebookRecords } from "../protocol/record-methods.ts";
import type { RecordDatabase } from "./database.ts";
import { firstIdOf, timeOf } from "./ids.ts";
import { clausesOf, type RecordFilter } from "./queries.ts";

/** What groups of records can be narrowed to: columns of the index that they are counted by. */
export type GroupFilter = Pick<RecordFilter, "status" | "mode" | "violating">;

/** The notebooks of a store that have records, the one that ran last first. */
export function listNotebooks(database: RecordDatabase, filter: GroupFilter = {}): NotebookRecords[] {
  const clauses = clausesOf(filter);
  const rows = database
    .prepare<[Record<string, unknown>], { notebook_id: string; records: number; last: string }>(
      `select e.notebook_id, count(*) as records, max(e.id) as last from executions e
         ${clauses.length === 0 ? "" : `where ${clauses.join(" and ")}`} group by e.notebook_id order by last desc`,
    )
    .all({ ...filter });
  const pathOf = database
    .prepare<[string], string>(
      "select s.notebook_path from executions e join sessions s on s.id = e.session_id where e.id = ?",
    )
    .pluck();
  return rows.map(({ notebook_id, records, last }) => ({
    notebookId: notebook_id,
    // A notebook that was moved is where it ran last.
    notebookPath: pathOf.get(last) ?? "",
    records,
    lastAt: timeOf(last).toISOString(),
  }));
}

/** The days (of this machine's time zone) on which a notebook ran, the last first. One look into the index for each day, however many records. */
export function listDays(database: RecordDatabase, notebookId: string, filter: GroupFilter = {}): NotebookDay[] {
  const where = clausesOf({ ...filter, notebookId }).join(" and ");
  const values = { ...filter, notebookId };
  const latest = database
    .prepare<[Record<string, unknown>], string | null>(
      `select max(e.id) from executions e where ${where} and e.id < @end`,
    )
    .pluck();
  const count = database
    .prepare<[Record<string, unknown>], number>(
      `select count(*) from executions e where ${where} and e.id >= @start and e.id < @end`,
    )
    .pluck();
  const days: NotebookDay[] = [];
  let end = "g";
  for (let last = latest.get({ ...values, end }); last; last = latest.get({ ...values, end })) {
    const since = timeOf(last);
    since.setHours(0, 0, 0, 0);
    const until = new Date(since);
    until.setDate(until.getDate() + 1);
    const start = firstIdOf(since);
    days.push({
      since: since.toISOString(),
      until: until.toISOString(),
      records: count.get({ ...values, start, end }) ?? 0,
    });
    end = start;
  }
  return days;
}
