import { notInHistory } from "../protocol/cell-source.ts";
import type { RecordDatabase } from "./database.ts";

/** A cell that a session ran. */
export interface RunCell {
  /** Id of the execution. */
  readonly id: string;
  readonly source: string;
}

/** The ids of the sessions of a store that began before `before`, an id itself, the oldest first. Their numbers count from 1 and stay the same. */
export function sessionsBefore(database: RecordDatabase, before: string): string[] {
  return database.prepare<[string], string>("select id from sessions where id < ? order by id").pluck().all(before);
}

/** The cells that a session ran, in this order, without those that a Jupyter client kept out of the history. */
export function cellsOf(database: RecordDatabase, session: string): RunCell[] {
  return database
    .prepare<[string, string], RunCell>(
      "select id, source from executions where session_id = ? and instr(tags, ?) = 0 order by epoch, execution_count",
    )
    .all(session, JSON.stringify(notInHistory));
}
