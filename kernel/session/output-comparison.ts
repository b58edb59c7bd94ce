import type { Output } from "../protocol/outputs.ts";
import type { ReplayVerdict } from "../protocol/record.ts";
import { contentHash } from "../store/canonical.ts";
import { byContent, hashOfOutput } from "./recorded-outputs.ts";

type Shown = Exclude<Output, { type: "clear" }>;
type OutputVerdict = ReplayVerdict["outputs"][number];

/** Compares the outputs of an execution with those of its replay: standard output and standard error whole, displays one by one. */
export function compareOutputs(
  original: readonly (Shown | undefined)[],
  replayed: readonly (Shown | undefined)[],
  tolerance: number,
): OutputVerdict[] {
  const streams = (["stdout", "stderr"] as const).flatMap((name) => {
    const [a, b] = [streamOf(original, name), streamOf(replayed, name)];
    return a.text === "" && b.text === "" ? [] : [{ name, verdict: compare(a, b, tolerance) }];
  });
  const [a, b] = [original.filter(isDisplay), replayed.filter(isDisplay)];
  const displays = Array.from({ length: Math.max(a.length, b.length) }, (_, at) => ({
    name: `${at + 1} ${nameOf(a[at] ?? b[at])}`,
    verdict: compare(a[at], b[at], tolerance),
  }));
  return [...streams, ...displays];
}

function compare(a: Shown | undefined, b: Shown | undefined, tolerance: number): OutputVerdict["verdict"] {
  if (!a || !b) return "different";
  if (hashOfOutput(a) === hashOfOutput(b)) return "bit-identical";
  return tolerance > 0 && isWithin(comparable(a), comparable(b), tolerance) ? "within tolerance" : "different";
}

/**
 * Whether two values say the same when numbers may differ by `tolerance`, relative to the larger one (absolute below 1). Numbers
 * inside texts count as numbers; everything else must be equal.
 */
export function isWithin(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)) || Object.is(a, b);
  }
  if (typeof a === "string" && typeof b === "string") {
    if (a === b) return true;
    if (isOpaque(a) || isOpaque(b)) return false;
    const [left, right] = [parts(a), parts(b)];
    return (
      left.length === right.length &&
      left.every((part, at) =>
        at % 2 === 1 ? isWithin(Number(part), Number(right[at]), tolerance) : part === right[at],
      )
    );
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isWithin(value, right.get(key), tolerance))
  );
}

/** Hashes and embedded bytes: a digit in them is no number. */
function isOpaque(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text) || text.includes("base64,");
}

/** What stands between numbers at even places, numbers at odd ones. */
function parts(text: string): string[] {
  return text.split(/(?<![\w.])([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?!\w)/i);
}

/** Media by their hash. */
function comparable(output: Shown): unknown {
  if (output.type !== "display" && output.type !== "result") return output;
  const isMedia = (mime: string) => /^(image|audio|video|model)\//.test(mime) || mime === "application/pdf";
  return Object.fromEntries(
    Object.entries(output.data).map(([mime, value]) => [mime, isMedia(mime) ? contentHash(value) : byContent(value)]),
  );
}

function streamOf(outputs: readonly (Shown | undefined)[], name: "stdout" | "stderr") {
  const text = outputs.map((one) => (one?.type === "stream" && one.name === name ? one.text : "")).join("");
  return { type: "stream", name, text } as const;
}

function isDisplay(output: Shown | undefined): boolean {
  return output?.type !== "stream";
}

function nameOf(output: Shown | undefined): string {
  if (output?.type === "display" || output?.type === "result") return Object.keys(output.data).join(" ");
  return output?.type === "error" ? output.ename : "lost output";
}
