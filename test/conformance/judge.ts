import { readFileSync } from "node:fs";

/** What a case expects of a cell; `test/fixtures/conformance/cells.json` says what each field means. */
export interface Expectation {
  readonly status?: "ok" | "error" | "not_ok" | "any";
  readonly shown?: string;
  readonly shown_re?: string;
  readonly stdout?: string;
  readonly stdout_re?: string;
  readonly stdout_has?: readonly string[];
  readonly stderr_has?: readonly string[];
  readonly result?: string;
  readonly error_has?: readonly string[];
  readonly ename?: string;
  readonly evalue_has?: string;
  readonly error_line?: number;
  readonly error_lines?: readonly number[];
  readonly diag_has?: readonly string[];
}

export interface CaseCell {
  readonly code: string;
  readonly expect: Expectation;
  /** What the compiler says of the cell: parts of its messages, or `any` where that is not looked at. Nothing, unless given. */
  readonly types?: "any" | readonly string[];
  /** Files that are written before the cell runs. */
  readonly write?: Readonly<Record<string, string>>;
  readonly interrupt_after_s?: number;
  readonly wait_after_s?: number;
}

export interface Case {
  readonly id: string;
  readonly category: string;
  readonly why: string;
  /** Files beside the notebook. */
  readonly files?: Readonly<Record<string, string>>;
  readonly cells: readonly CaseCell[];
}

export interface CaseFile {
  readonly fixtures: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

/** Files of cases that need nothing but the fixtures of their file. */
export const caseFiles = ["cells.json", "more-cells.json", "edge-cells.json"];

/** What a cell did. */
export interface Observation {
  readonly status: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly result: string | null;
  readonly displays: readonly string[];
  readonly error: { readonly ename: string; readonly evalue: string; readonly traceback: string } | null;
  readonly interrupted?: boolean;
}

export function readCases(name: string): CaseFile {
  return JSON.parse(readFileSync(new URL(`../fixtures/conformance/${name}`, import.meta.url), "utf8")) as CaseFile;
}

function collapsed(text: string | null | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim();
}

function errorText(seen: Observation): string {
  const { ename = "", evalue = "", traceback = "" } = seen.error ?? {};
  const text = [ename, evalue, traceback].filter((part) => part !== "").join("\n");
  return seen.status === "ok" ? text : `${text}\n${seen.stderr}`;
}

const place = /(?:^|[\s(:[,])(?:line\s+)?(\d+)(?::|,\s?)(\d+)(?=$|[\s)\],.:-])|\bline\s+(\d+)\b|:(\d+)$/gi;

/** Lines that a text names, in order. */
export function locations(text: string): number[] {
  return text
    .split("\n")
    .filter((line) => !/node:|node_modules|ext:/.test(line) && !/^\s*at .*\[eval\]/.test(line))
    .flatMap((line) => [...line.matchAll(place)].map((found) => Number(found[1] ?? found[3] ?? found[4])));
}

/** Why a case fails; empty when it passes. */
export function judge({ cells }: Case, seen: readonly Observation[]): string[] {
  return cells.flatMap((cell, at) => {
    const one = seen[at];
    const reasons = one ? judgeCell(cell, one) : ["not run"];
    return reasons.map((reason) => `cell ${at + 1}: ${reason}`);
  });
}

/** Why a cell fails; empty when it passes. */
export function judgeCell({ expect, interrupt_after_s }: CaseCell, seen: Observation): string[] {
  const bad: string[] = [];
  const text = errorText(seen);
  const brief = collapsed(text).slice(0, 140);
  const want = expect.status ?? "ok";
  if (interrupt_after_s !== undefined && !seen.interrupted) bad.push("ended before it was interrupted");
  if (want === "not_ok" ? seen.status === "ok" : want !== "any" && seen.status !== want)
    bad.push(`status ${seen.status}, expected ${want} [${brief}]`);
  const shown = collapsed(`${seen.stdout} ${seen.result ?? ""} ${seen.displays.join(" ")}`);
  const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`, "s");
  const lacks = (where: string, parts: readonly string[] | undefined, name: string) => {
    for (const part of parts ?? [])
      if (!where.includes(part)) bad.push(`${name} lacks ${JSON.stringify(part)} [${brief}]`);
  };
  if (expect.shown !== undefined && shown !== expect.shown) bad.push(`shown ${shown}, expected ${expect.shown}`);
  if (expect.shown_re !== undefined && !whole(expect.shown_re).test(shown))
    bad.push(`shown ${shown} !~ ${expect.shown_re}`);
  if (expect.stdout !== undefined && seen.stdout.replace(/\n+$/, "") !== expect.stdout)
    bad.push(`stdout ${seen.stdout}`);
  if (expect.stdout_re !== undefined && !whole(expect.stdout_re).test(collapsed(seen.stdout)))
    bad.push(`stdout ${seen.stdout}`);
  lacks(seen.stdout, expect.stdout_has, "stdout");
  lacks(seen.stderr, expect.stderr_has, "stderr");
  if (expect.result !== undefined && collapsed(seen.result) !== expect.result) bad.push(`result ${seen.result}`);
  lacks(text, expect.error_has, "error");
  if (expect.ename !== undefined && seen.error?.ename !== expect.ename) bad.push(`ename ${seen.error?.ename}`);
  if (expect.evalue_has !== undefined && !seen.error?.evalue.includes(expect.evalue_has))
    bad.push(`evalue ${seen.error?.evalue}`);
  const lines = locations(text);
  if (expect.error_line !== undefined && lines[0] !== expect.error_line)
    bad.push(`error lines ${lines}, first should be ${expect.error_line}`);
  for (const line of expect.error_lines ?? []) if (!lines.includes(line)) bad.push(`error lines ${lines} lack ${line}`);
  const everything = [seen.stdout, seen.stderr, seen.result ?? "", text, ...seen.displays].join(" ");
  lacks(everything, expect.diag_has, "diagnostics");
  return bad;
}
