import type { Evidence, OptOut, OptOutSignal } from "../../compliance/index.ts";

/** One signal, with the field it was read from. */
export function signal(
  name: OptOutSignal,
  decision: OptOut["decision"],
  detail: string,
  source: string,
  field: string,
  value: unknown,
): OptOut {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const evidence: Evidence = { source, field, value: text.length > 300 ? `${text.slice(0, 300)}…` : text };
  return { signal: name, decision, detail, evidence };
}

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object with named members, else nothing. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** An own member by a name in any case. */
export function member(fields: Fields | undefined, name: string): unknown {
  if (!fields) return undefined;
  const wanted = name.toLowerCase();
  const key = Object.keys(fields).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : fields[key];
}
