import { formatBytes } from "../protocol/bytes.ts";
import { licenceClassNames, modeNames } from "../protocol/classes.ts";
import type { ExecutionRecord } from "../protocol/record.ts";
import { lineageTree } from "./lineage-tree.ts";
import { cut, formatDuration, formatTime, table } from "./records-format.ts";

type RunOrder = NonNullable<ExecutionRecord["order"]>;

/** Lines of a stream that are shown unless all are asked for. */
const shownLines = 20;

export interface ShowOptions {
  readonly environment: Readonly<Record<string, unknown>> | undefined;
  /** Whether the content id fits the rows; `undefined` for a record that is not sealed. */
  readonly intact: boolean | undefined;
  readonly full: boolean;
  readonly width: number;
}

/** A record for people. */
export function showRecord(record: ExecutionRecord, { environment, intact, full, width }: ShowOptions): string {
  const sections: (readonly [title: string, body: string])[] = [
    ["", heading(record, intact)],
    ["Breaks its mode", record.violation ? indent(record.violation.words) : ""],
    ["Source", indent(record.source.trimEnd())],
    ["Parameters", object(record.parameters)],
    [
      "Error",
      record.error ? indent(record.error.traceback.join("\n") || `${record.error.ename}: ${record.error.evalue}`) : "",
    ],
    ["Standard output", lines(record.stdout, full)],
    ["Standard error", lines(record.stderr, full)],
    ["Outputs", rows(["type", "size", "sha256", "content"], outputRows(record), width)],
    ["Participants", rows(["", "role", "size", "sha256", "licence", "name"], participantRows(record), width)],
    ["Lineage", record.lineage ? indent(lineageTree(record.lineage).join("\n")) : ""],
    ["Metrics", rows(["name", "value", "facts"], metricRows(record), width)],
    ["Recorded parameters", object(record.params)],
    ["Data sets", rows(["name", "mode", "items", "excluded", "class"], datasetRows(record), width)],
    ["Trainings", rows(["name", "steps", "last loss", "class", "result"], trainingRows(record), width)],
    ["Responses", rows(["status", "size", "request"], responseRows(record), width)],
    ["Replays", rows(["at", "verdict", "reason"], verdictRows(record), width)],
    ["Order", record.order ? indent(orderLines(record.order).join("\n")) : ""],
    ["Depends on", record.closure.length === 0 ? "" : indent(record.closure.join("\n"))],
    ["Environment", environment ? object(brief(environment)) : record.environment === null ? indent("not taken") : ""],
  ];
  return sections
    .filter(([, body]) => body !== "")
    .map(([title, body]) => (title === "" ? body : `${title}\n${body}`))
    .join("\n\n");
}

function heading(record: ExecutionRecord, intact: boolean | undefined): string {
  const detail = record.stateDetail === null ? "" : `: ${record.stateDetail}`;
  const content = record.contentId ?? "none: the record was not sealed";
  return table(
    ["execution", record.executionId],
    [
      ["content", intact === false ? `${content} (DOES NOT FIT: the store was altered)` : content],
      ["state", `${record.state}${detail}`],
      ["notebook", record.notebookPath],
      [
        "cell",
        `${record.cellIndex} (${record.cellId}), execution ${record.executionCount} of kernel epoch ${record.epoch}`,
      ],
      ["mode", `${modeNames[record.mode]} (${record.mode}), policy ${record.policyVersion}`],
      ["seed", String(record.seed)],
      ["started", formatTime(record.startedAt)],
      ["took", formatDuration(record.duration)],
      ["peak memory", record.peakMemory === null ? "" : formatBytes(record.peakMemory)],
    ].filter(([, value]) => value !== ""),
    Number.POSITIVE_INFINITY,
  );
}

/** How the cells around an execution had run. */
function orderLines({ ranBefore, ranBeforeTotal, notRun, notRunTotal, state, upstream }: RunOrder): string[] {
  const from = (names: readonly string[]) => (names.length === 0 ? "" : ` (it read ${names.join(", ")} from it)`);
  const more = (total: number, shown: number) => (total > shown ? [`and ${total - shown} more`] : []);
  const missing = notRun.map(({ cellIndex }) => cellIndex).join(", ");
  return [
    state,
    ...ranBefore.map(({ cellIndex, names }) => `cell ${cellIndex}, which stands below, had run before${from(names)}`),
    ...more(ranBeforeTotal, ranBefore.length),
    ...(missing === "" ? [] : [`not run above: ${missing}`, ...more(notRunTotal, notRun.length)]),
    ...upstream.map((id) => `depends on ${id}, which ran out of order`),
  ];
}

function outputRows({ outputs }: ExecutionRecord): string[][] {
  return outputs.map(({ type, bytes, sha256, name, late }) => [
    late ? `${type}, late` : type,
    formatBytes(bytes),
    sha256.slice(0, 12),
    name,
  ]);
}

function participantRows({ participants }: ExecutionRecord): string[][] {
  return participants.map((one) => [
    one.direction,
    one.role,
    formatBytes(one.bytes),
    one.sha256.slice(0, 12),
    one.licenceClass ?? "",
    one.late ? `${one.name} (late)` : one.name,
  ]);
}

function metricRows({ metrics }: ExecutionRecord): string[][] {
  return metrics.map(({ name, value, facts }) => [name, value === null ? "not a number" : String(value), short(facts)]);
}

function datasetRows({ datasets }: ExecutionRecord): string[][] {
  return datasets.map((one) => [
    ...[one.name, modeNames[one.mode], String(one.size), String(one.excluded)],
    licenceClassNames[one.licenceClass],
  ]);
}

function trainingRows({ trainings }: ExecutionRecord): string[][] {
  return trainings.map((one) => [
    one.name,
    String(one.steps),
    one.losses.at(-1)?.toPrecision(4) ?? "",
    one.licenceClass,
    one.result.slice(0, 12),
  ]);
}

function responseRows({ responses }: ExecutionRecord): string[][] {
  return responses.map(({ status, body, request }) => [String(status), formatBytes(body.bytes), request]);
}

function verdictRows({ verdicts }: ExecutionRecord): string[][] {
  return verdicts.map(({ at, verdict, reason }) => [formatTime(at), verdict, reason ?? ""]);
}

/** The environment without its long lists. */
function brief(environment: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { assay, node, os, cpu, threads, memory, gpus, lockFile, git } = environment;
  const pick = (value: unknown, keys: readonly string[]) =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))
      : value;
  return {
    assay,
    node,
    os,
    cpu: pick(cpu, ["model", "count"]),
    threads,
    memory: typeof memory === "number" ? formatBytes(memory) : memory,
    gpus,
    lockFile,
    git: pick(git, ["commit", "branch", "untrackedTotal"]),
  };
}

function rows(header: readonly string[], body: readonly (readonly string[])[], width: number): string {
  return body.length === 0 ? "" : indent(table(header, body, width - 2));
}

function object(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? value : short(value),
  ]);
  const [first, ...rest] = entries;
  return first ? indent(table(first, rest, Number.POSITIVE_INFINITY)) : "";
}

function short(value: unknown): string {
  const json = JSON.stringify(value) ?? "";
  return json === "{}" ? "" : cut(json, 400);
}

function lines(text: string, full: boolean): string {
  const all = text.replace(/\n$/, "").split("\n");
  if (text === "") return "";
  if (full || all.length <= shownLines) return indent(all.join("\n"));
  return indent([...all.slice(0, shownLines), `… ${all.length - shownLines} more lines; --full shows them`].join("\n"));
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
