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
 * version does not know, those are left out and named, and the rest is read. Of an element whose fault lies in a field that it can do without,
 * only that field is left out.
 */
export function read<T>(schema: z.ZodType<T>, value: unknown): Reading<T> | Unreadable {
  let current = value;
  // By where it is: an element whose field was left out in vain is named once.
  const leftOut = new Map<string, string>();
  // Each round removes something or ends; a list element that is removed can uncover nothing new, so few rounds are enough.
  for (let round = 0; round < 4; round++) {
    const parsed = schema.safeParse(current);
    if (parsed.success) return { data: parsed.data, leftOut: [...leftOut.values()] };
    const mended = withoutFaults(current, parsed.error.issues, leftOut);
    if (mended === undefined) return { reasons: parsed.error.issues.slice(0, 5).map(describe) };
    current = mended;
  }
  return { reasons: ["its parts contradict the format in too many ways"] };
}

function withoutFaults(value: unknown, issues: readonly z.core.$ZodIssue[], leftOut: Map<string, string>): unknown {
  if (!isObject(value)) return undefined;
  const trimmed = withoutFields(value, issues, leftOut);
  if (trimmed) return trimmed;
  const mended: Record<string, unknown> = { ...value };
  const dropped = new Map<string, Set<number>>();
  for (const issue of issues) {
    const [key, index] = issue.path;
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
      for (const unknown of issue.keys) delete mended[unknown];
      leftOut.set("", `unknown field ${issue.keys.map((name) => clip(name, 40)).join(", ")}`);
    } else if (typeof key === "string" && typeof index === "number" && Array.isArray(mended[key])) {
      const indices = dropped.get(key) ?? new Set();
      const place = JSON.stringify([key, index]);
      if (!leftOut.has(place)) leftOut.set(place, describe(issue));
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

/** The value with fields of list elements left out that are unknown or wrong; nothing where no issue is about such a field that is there. */
function withoutFields(
  value: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
  leftOut: Map<string, string>,
): unknown {
  const copies = new Map<string, unknown[]>();
  for (const issue of issues) {
    const [key, index, field] = issue.path;
    if (typeof key !== "string" || typeof index !== "number") continue;
    const list = copies.get(key) ?? value[key];
    const element: unknown = Array.isArray(list) ? list[index] : undefined;
    if (!isObject(element)) continue;
    const unknown = issue.code === "unrecognized_keys" && issue.path.length === 2 ? issue.keys : [];
    const names = (typeof field === "string" ? [field] : unknown).filter((name) => Object.hasOwn(element, name));
    if (names.length === 0) continue;
    const place = JSON.stringify([key, index]);
    if (!leftOut.has(place)) leftOut.set(place, describe(issue));
    const rest = Object.fromEntries(Object.entries(element).filter(([name]) => !names.includes(name)));
    const copy = copies.get(key) ?? [...(list as readonly unknown[])];
    copies.set(key, copy);
    copy[index] = rest;
  }
  return copies.size === 0 ? undefined : { ...value, ...Object.fromEntries(copies) };
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
