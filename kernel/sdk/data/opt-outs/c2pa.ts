import type { OptOut } from "../../compliance/index.ts";
import { type Fields, fieldsOf, member, signal } from "./signal.ts";

/** The entries of the assertion that concern training; `ai_inference` does not. */
const trainingEntries = ["ai_generative_training", "ai_training", "data_mining"] as const;
/** How deep a manifest is searched. */
const maxDepth = 12;

/**
 * Reads training-and-data-mining assertions (CAWG 1.1 `cawg.training-mining`, before it `c2pa.training-mining`) given as JSON, alone
 * or anywhere in a manifest store. `constrained` counts as not allowed while nobody knows the constraint; a use that is none of the
 * three, or an assertion without entries, is unreadable.
 */
export function readC2pa(manifest: unknown, source: string, field: string): OptOut[] {
  return assertionsIn(manifest, 0).flatMap(({ label, data }) => readAssertion(label, data, source, field));
}

interface Assertion {
  readonly label: string;
  readonly data: unknown;
}

function assertionsIn(value: unknown, depth: number): Assertion[] {
  if (depth > maxDepth) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => assertionsIn(entry, depth + 1));
  const fields = fieldsOf(value);
  if (!fields) return [];
  const label = member(fields, "label");
  if (typeof label === "string" && isTrainingLabel(label)) return [{ label, data: member(fields, "data") ?? fields }];
  return Object.entries(fields).flatMap(([key, inner]) =>
    isTrainingLabel(key) ? [{ label: key, data: inner }] : assertionsIn(inner, depth + 1),
  );
}

function isTrainingLabel(label: string): boolean {
  return /^(?:cawg|c2pa)\.training-mining(?:__\d+|\.v\d+)?$/i.test(label);
}

function readAssertion(label: string, data: unknown, source: string, field: string): OptOut[] {
  const entries = fieldsOf(member(fieldsOf(data), "entries"));
  const place = `${field} ${label}`;
  if (!entries) return [signal("c2pa", "unreadable", "the assertion has no entries", source, place, data ?? null)];
  return trainingEntries.flatMap((name) => {
    const entry = entryOf(entries, name);
    return entry === undefined
      ? []
      : [readUse(name, member(fieldsOf(entry), "use") ?? entry, source, `${place} ${name}`)];
  });
}

/** An entry by its name, with or without the prefix of its namespace. */
function entryOf(entries: Fields, name: string): unknown {
  return member(entries, `cawg.${name}`) ?? member(entries, `c2pa.${name}`) ?? member(entries, name);
}

function readUse(entry: string, use: unknown, source: string, field: string): OptOut {
  const text = typeof use === "string" ? use.toLowerCase() : "";
  if (text === "allowed") return signal("c2pa", "allowed", `${entry} is allowed`, source, field, use);
  if (text === "notallowed") return signal("c2pa", "prohibited", `${entry} is not allowed`, source, field, use);
  if (text === "constrained") return signal("c2pa", "constrained", `${entry} is constrained`, source, field, use);
  return signal(
    "c2pa",
    "unreadable",
    `the use of ${entry} is none of allowed, notAllowed, constrained`,
    source,
    field,
    use ?? null,
  );
}
