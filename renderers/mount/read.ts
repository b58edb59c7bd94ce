import type { z } from "zod";

/** What could be read of an output, and what had to be left out. */
export interface Reading<T> {
  readonly data: T;
  /** One line for each thing left out: where it is and why it cannot be shown. */
  readonly leftOut: readonly string[];
}

/** Why nothing of an output can be shown. */
export interface Unreadable {
  readonly reasons: readonly string[];
}

/**
 * Checks data against the schema of its kind. Where only some elements of a list are wrong (one image of fifty), or there are fields that this
 * version does not know, those are left out and named, and the rest is read.
 */
export function read<T>(schema: z.ZodType<T>, value: unknown): Reading<T> | Unreadable {
  let current = value;
  const leftOut: string[] = [];
  // Each round removes something or ends; a list element that is removed can uncover nothing new, so few rounds are enough.
  for (let round = 0; round < 4; round++) {
    const parsed = schema.safeParse(current);
    if (parsed.success) return { data: parsed.data, leftOut };
    const mended = withoutFaults(current, parsed.error.issues, leftOut);
    if (mended === undefined) return { reasons: parsed.error.issues.slice(0, 5).map(describe) };
    current = mended;
  }
  return { reasons: ["its parts contradict the format in too many ways"] };
}

function withoutFaults(value: unknown, issues: readonly z.core.$ZodIssue[], leftOut: string[]): unknown {
  if (!isObject(value)) return undefined;
  const mended: Record<string, unknown> = { ...value };
  const dropped = new Map<string, Set<number>>();
  for (const issue of issues) {
    const [key, index] = issue.path;
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
      for (const unknown of issue.keys) delete mended[unknown];
      leftOut.push(`unknown field ${issue.keys.map((name) => clip(name, 40)).join(", ")}`);
    } else if (typeof key === "string" && typeof index === "number" && Array.isArray(mended[key])) {
      const indices = dropped.get(key) ?? new Set();
      if (!indices.has(index)) leftOut.push(describe(issue));
      dropped.set(key, indices.add(index));
    } else return undefined;
  }
  for (const [key, indices] of dropped) {
    const rest = (mended[key] as readonly unknown[]).filter((_, index) => !indices.has(index));
    if (rest.length === 0) return undefined;
    mended[key] = rest;
  }
  return mended;
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${clip(String(part), 40)}`))
    .join("")
    .replace(/^\./, "");
  return `${where || "the whole output"}: ${clip(issue.message, 200)}`;
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
