import type { RecordDatabase } from "./database.ts";

/** The columns of each table, as `kernel/store/migrations` makes them. JSON columns hold text. Times are ISO 8601 in UTC. */
export interface Rows {
  environments: { sha256: string; snapshot: string; taken_at: string };
  sessions: SessionRow;
  executions: ExecutionRow;
  parents: { execution_id: string; position: number; parent_id: string };
  outputs: OutputRow;
  participants: ParticipantRow;
  derivations: { result: string; source: string; execution_id: string };
  items: {
    id: string;
    sha256: string;
    name: string;
    licence_class: string;
    licence: string | null;
    detail: string;
  };
  execution_items: { execution_id: string; item_id: string };
  datasets: {
    execution_id: string;
    sha256: string;
    name: string;
    mode: string;
    policy_version: string;
    size: number;
    excluded: number;
    licence_class: string;
  };
  dataset_items: { dataset: string; position: number; item: string };
  item_groups: ItemGroupRow;
  trainings: {
    execution_id: string;
    position: number;
    name: string;
    base: string;
    dataset: string;
    steps: number;
    result: string;
    losses: string;
    licence_class: string;
    facts: string;
  };
  /** Content that an execution showed, whoever made it. */
  shown: { execution_id: string; sha256: string };
  metrics: { execution_id: string; position: number; name: string; value: number | null; facts: string };
  params: { execution_id: string; name: string; value: string };
  responses: {
    execution_id: string;
    request: string;
    occurrence: number;
    status: number;
    sha256: string;
    bytes: number;
    mime: string;
  };
  verdicts: { execution_id: string; at: string; verdict: string };
}

/** Items of a data set that stand alike before the law: of one class and licence, with the same opt-outs. */
export interface ItemGroupRow {
  dataset: string;
  /** Where the first of them stands in the data set. */
  position: number;
  licence_class: string;
  /** JSON of the licence; `null` where the store holds nothing of the items. */
  licence: string | null;
  /** JSON of the opt-outs, without their evidence. */
  opt_outs: string;
  items: number;
  /** JSON: where the first of them stand. */
  examples: string;
}

export interface SessionRow {
  id: string;
  notebook_id: string;
  notebook_path: string;
  host: string;
  boot: string;
  pid_space: string;
  pid: number;
  process_started: string;
  environment: string | null;
  started_at: string;
  seen_at: string;
  ended_at: string | null;
}

export interface ExecutionRow {
  id: string;
  session_id: string;
  notebook_id: string;
  cell_id: string;
  cell_index: number;
  epoch: number;
  execution_count: number;
  source: string;
  parameters: string;
  seed: number;
  mode: string;
  policy_version: string;
  environment: string | null;
  started_at: string;
  ended_at: string | null;
  /** Milliseconds. */
  duration: number | null;
  /** Bytes. */
  peak_memory: number | null;
  status: string | null;
  detail: string | null;
  /** JSON of `CellNames`. */
  names: string | null;
  /** JSON of `RunOrder`; the column came with schema 4. */
  run_order?: string | null;
  /** JSON of `Violation`; the column came with schema 5. */
  violation?: string | null;
  /** JSON: content ids of the parents. */
  upstream: string | null;
  /** JSON: the hashes of outputs that the content id covers. */
  output_hashes: string | null;
  content_id: string | null;
  /** JSON: the tags of the cell. */
  tags: string;
}

export interface OutputRow {
  execution_id: string;
  /** 1 for what arrived after the seal. */
  late: number;
  position: number;
  type: string;
  /** `stdout` or `stderr`; MIME types of a display, separated by spaces; name of an error. */
  name: string | null;
  sha256: string;
  /** Size of the body in UTF-8. */
  bytes: number;
  /** JSON of the output, unless it is large. */
  body: string | null;
  /** SHA-256 of the artifact that holds the JSON of a large output. */
  artifact: string | null;
  at: string;
}

export interface ParticipantRow {
  execution_id: string;
  position: number;
  /** 1 for what was told after the seal. */
  late: number;
  direction: "used" | "produced";
  role: string;
  name: string;
  sha256: string;
  bytes: number;
  mime: string | null;
  licence_class: string | null;
  facts: string | null;
}

/** Inserts rows by table name; the statements are prepared once. */
export type Insert = <T extends keyof Rows>(table: T, row: Rows[T], onConflict?: "fail" | "ignore" | "replace") => void;

/** Makes the function that inserts rows into a database. */
export function inserter(database: RecordDatabase): Insert {
  const statements = new Map<string, ReturnType<RecordDatabase["prepare"]>>();
  return (table, row, onConflict = "fail") => {
    const key = `insert or ${onConflict} into ${table}`;
    let statement = statements.get(key);
    if (!statement) {
      const columns = Object.keys(row);
      statement = database.prepare(`${key} (${columns}) values (${columns.map((column) => `@${column}`)})`);
      statements.set(key, statement);
    }
    statement.run(row);
  };
}
