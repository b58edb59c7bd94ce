import type { Output } from "../protocol/outputs.ts";
import type { ExecutionRecord, RunOrder } from "../protocol/record.ts";
import type { Artifacts } from "./artifacts.ts";
import type { RecordDatabase } from "./database.ts";
import { readLineage } from "./lineage.ts";
import { storeProblem } from "./problems.ts";
import { closureOf, type JoinedRow, joined, summaryOf } from "./queries.ts";
import { contentIdOf, coveredPart, reproduciblePart } from "./reproducible.ts";
import type { OutputRow, ParticipantRow, Rows } from "./rows.ts";

/** The record of an execution by its full id. Throws `record.unknown`. */
export function readExecution(database: RecordDatabase, artifacts: Artifacts, id: string): ExecutionRecord {
  const row = database.prepare<[string], JoinedRow>(`${joined} where e.id = ?`).get(id);
  if (!row) throw storeProblem.noRecord(id, artifacts.folder);
  const all = <T>(sql: string) => database.prepare<[string], T>(sql).all(id);
  const participants = all<ParticipantRow>("select * from participants where execution_id = ? order by position");
  const outputs = readOutputs(database, artifacts, id);
  const text = (name: string) =>
    outputs.map(({ output }) => (output?.type === "stream" && output.name === name ? output.text : "")).join("");
  const failure = outputs.find(({ output }) => output?.type === "error")?.output;
  const closure = closureOf(database, id);
  // A record holds the violation itself.
  const { violationWords: _, ...summary } = summaryOf(row);
  return {
    ...summary,
    closure,
    environment: row.environment,
    endedAt: row.ended_at,
    peakMemory: row.peak_memory,
    parameters: object(row.parameters),
    policyVersion: row.policy_version,
    tags: JSON.parse(row.tags) as string[],
    stdout: text("stdout"),
    stderr: text("stderr"),
    error:
      failure?.type === "error"
        ? { ename: failure.ename, evalue: failure.evalue, traceback: [...failure.traceback] }
        : null,
    outputs: outputs.map(({ row: { type, name, sha256, bytes, late } }) => ({
      type: type as ExecutionRecord["outputs"][number]["type"],
      name: name ?? "",
      sha256,
      bytes,
      late: late === 1,
    })),
    participants: participants.map((one) => ({
      ...participantOf(one),
      late: one.late === 1,
      ...(one.facts === null ? {} : { facts: object(one.facts) }),
    })),
    metrics: all<Rows["metrics"]>("select * from metrics where execution_id = ? order by position").map(
      ({ name, value, facts }) => ({ name, value, facts: object(facts) }),
    ),
    params: Object.fromEntries(
      all<Rows["params"]>("select * from params where execution_id = ? order by name").map(({ name, value }) => [
        name,
        JSON.parse(value) as unknown,
      ]),
    ),
    datasets: all<Rows["datasets"]>("select * from datasets where execution_id = ? order by name, sha256").map(
      (one) => ({
        sha256: one.sha256,
        name: one.name,
        mode: one.mode as ExecutionRecord["mode"],
        policyVersion: one.policy_version,
        size: one.size,
        excluded: one.excluded,
        licenceClass: one.licence_class as ExecutionRecord["datasets"][number]["licenceClass"],
      }),
    ),
    trainings: all<Rows["trainings"]>("select * from trainings where execution_id = ? order by position").map(
      (one) => ({
        name: one.name,
        base: one.base,
        dataset: one.dataset,
        steps: one.steps,
        result: one.result,
        losses: JSON.parse(one.losses) as number[],
        licenceClass: one.licence_class as ExecutionRecord["trainings"][number]["licenceClass"],
        facts: object(one.facts),
      }),
    ),
    responses: all<Rows["responses"]>(
      "select * from responses where execution_id = ? order by request, occurrence",
    ).map(({ request, occurrence, status, sha256, bytes, mime }) => ({
      request,
      occurrence,
      status,
      body: { sha256, bytes, mime },
    })),
    verdicts: all<Rows["verdicts"]>("select * from verdicts where execution_id = ? order by id").map(
      ({ verdict }) => JSON.parse(verdict) as ExecutionRecord["verdicts"][number],
    ),
    order: row.run_order == null ? null : { ...orderOf(row.run_order), upstream: outOfOrder(database, closure) },
    violation: row.violation == null ? null : (JSON.parse(row.violation) as ExecutionRecord["violation"]),
    reproducible: reproducibleOf(row, participants),
  };
}

/** The record of an execution with its lineage. Throws `record.unknown`. */
export function readRecord(database: RecordDatabase, artifacts: Artifacts, id: string): ExecutionRecord {
  return { ...readExecution(database, artifacts, id), lineage: readLineage(database, id) ?? null };
}

/** The outputs of an execution, what came late at the end. `output` is `undefined` when the artifact that held it is gone. */
export function readOutputs(
  database: RecordDatabase,
  artifacts: Artifacts,
  id: string,
): { readonly row: OutputRow; readonly output: Exclude<Output, { type: "clear" }> | undefined }[] {
  const rows = database
    .prepare<[string], OutputRow>("select * from outputs where execution_id = ? order by late, position")
    .all(id);
  return rows.map((row) => {
    const json =
      row.body ??
      (row.artifact !== null && artifacts.has(row.artifact) ? artifacts.get(row.artifact).toString("utf8") : undefined);
    return { row, output: json === undefined ? undefined : JSON.parse(json) };
  });
}

/** The environment snapshot of a record, as it was kept. */
export function readEnvironment(database: RecordDatabase, sha256: string): Record<string, unknown> | undefined {
  const json = database
    .prepare<[string], string>("select snapshot from environments where sha256 = ?")
    .pluck()
    .get(sha256);
  return json === undefined ? undefined : object(json);
}

/** Computes the content id again from the rows, and tells whether it is the one that was sealed. */
export function isIntact(record: ExecutionRecord): boolean {
  return record.reproducible !== null && contentIdOf(record.reproducible) === record.contentId;
}

function reproducibleOf(row: JoinedRow, participants: readonly ParticipantRow[]): ExecutionRecord["reproducible"] {
  if (row.status === null || row.upstream === null || row.output_hashes === null) return null;
  return reproduciblePart({
    source: row.source,
    parameters: object(row.parameters),
    seed: row.seed,
    mode: row.mode as ExecutionRecord["mode"],
    policyVersion: row.policy_version,
    upstream: JSON.parse(row.upstream) as string[],
    participants: participants.filter((one) => one.late === 0).map(participantOf),
    outputs: JSON.parse(row.output_hashes) as string[],
    status: row.status as "ok",
  });
}

function orderOf(json: string): RunOrder {
  return JSON.parse(json) as RunOrder;
}

/** Those of some executions that were out of order. */
function outOfOrder(database: RecordDatabase, ids: readonly string[]): string[] {
  const order = database.prepare<[string], string | null>("select run_order from executions where id = ?").pluck();
  return ids.filter((id) => {
    const json = order.get(id);
    return json != null && orderOf(json).state === "out of order";
  });
}

function participantOf(row: ParticipantRow) {
  return coveredPart(row.direction, {
    role: row.role as ExecutionRecord["participants"][number]["role"],
    name: row.name,
    sha256: row.sha256,
    bytes: row.bytes,
    mime: row.mime ?? undefined,
    licenceClass: (row.licence_class ?? undefined) as ExecutionRecord["participants"][number]["licenceClass"],
  });
}

function object(json: string): Record<string, unknown> {
  return JSON.parse(json) as Record<string, unknown>;
}
