import type { ExecutionRecord } from "../protocol/record.ts";

/** One thing in which two records differ. What a side lacks is `null`. */
export interface Difference {
  readonly part:
    | "state"
    | "source"
    | "parameters"
    | "seed"
    | "mode"
    | "policy"
    | "upstream"
    | "participants"
    | "outputs"
    | "metrics"
    | "environment";
  readonly name: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** A record with its environment snapshot. */
export interface Compared {
  readonly record: ExecutionRecord;
  readonly environment: Readonly<Record<string, unknown>> | undefined;
}

/** All differences between two records, in a fixed order; empty when they say the same. */
export function compareRecords(a: Compared, b: Compared): Difference[] {
  const parts: [Difference["part"], (one: Compared) => Map<string, unknown>][] = [
    ["state", ({ record }) => new Map([["state", record.state]])],
    ["source", ({ record }) => new Map([["source", record.source]])],
    ["parameters", ({ record }) => flatten(record.parameters)],
    ["seed", ({ record }) => new Map([["seed", record.seed]])],
    ["mode", ({ record }) => new Map([["mode", record.mode]])],
    ["policy", ({ record }) => new Map([["policyVersion", record.policyVersion]])],
    ["upstream", ({ record }) => new Map((record.reproducible?.upstream ?? []).map((id, at) => [`${at + 1}`, id]))],
    ["participants", ({ record }) => participants(record)],
    ["outputs", ({ record }) => new Map(covered(record).map(({ name, sha256 }, at) => [`${at + 1} ${name}`, sha256]))],
    ["metrics", ({ record }) => numbered(record.metrics.map(({ name, value }) => [name, value]))],
    ["environment", ({ environment }) => flatten(environment ?? {})],
  ];
  return parts.flatMap(([part, values]) => {
    const [left, right] = [values(a), values(b)];
    const names = [...new Set([...left.keys(), ...right.keys()])];
    return names
      .map((name) => ({ part, name, a: left.get(name) ?? null, b: right.get(name) ?? null }))
      .filter((one) => JSON.stringify(one.a) !== JSON.stringify(one.b));
  });
}

/** Differences for people; sources line by line. */
export function showDifferences(differences: readonly Difference[]): string {
  const blocks = differences.map(({ part, name, a, b }) => {
    if (part === "source") return `source\n${lineDiff(String(a ?? ""), String(b ?? ""))}`;
    const title = part === name ? part : `${part}: ${name}`;
    return `${title}\n  - ${text(a)}\n  + ${text(b)}`;
  });
  return blocks.join("\n\n");
}

function covered(record: ExecutionRecord) {
  return record.outputs.filter((output) => !output.late);
}

function participants(record: ExecutionRecord): Map<string, unknown> {
  return numbered(record.participants.map((one) => [`${one.direction} ${one.role} ${one.name}`, one.sha256]));
}

/** Gives entries of the same name numbers, so that none hides another. */
function numbered(entries: readonly (readonly [string, unknown])[]): Map<string, unknown> {
  const result = new Map<string, unknown>();
  for (const [name, value] of entries) {
    let key = name;
    for (let count = 2; result.has(key); count++) key = `${name} (${count})`;
    result.set(key, value);
  }
  return result;
}

/** Nested objects as dotted names; lists stay whole. */
function flatten(values: Readonly<Record<string, unknown>>, prefix = ""): Map<string, unknown> {
  const result = new Map<string, unknown>();
  for (const [name, value] of Object.entries(values)) {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of flatten(value as Record<string, unknown>, path)) result.set(key, inner);
    } else result.set(path, value);
  }
  return result;
}

function text(value: unknown): string {
  if (value === null) return "(none)";
  const json = typeof value === "string" ? value : JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 199)}…` : json;
}

/** Lines that only one text has, marked `-` and `+`, between those that both have (longest common subsequence). */
export function lineDiff(a: string, b: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")];
  // length[i][j]: longest common subsequence of left[i…] and right[j…].
  const length = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      length[i]![j] =
        left[i] === right[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`    ${left[i++]}`);
      j++;
    } else if (i < left.length && (j === right.length || length[i + 1]![j]! >= length[i]![j + 1]!)) {
      lines.push(`  - ${left[i++]}`);
    } else lines.push(`  + ${right[j++]}`);
  }
  return lines.join("\n");
}
