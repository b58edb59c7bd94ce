import type { OptOut } from "../../compliance/index.ts";
import { type Fields, fieldsOf, member, signal } from "./signal.ts";

/** Where a TDM reservation may be declared, from the weakest to the strongest. */
export interface TdmDeclarations {
  /** `/.well-known/tdmrep.json`: rules by location. */
  readonly file?: unknown;
  readonly headers?: Fields | undefined;
  /** HTML meta elements by name. */
  readonly meta?: Fields | undefined;
  /** XMP properties by qualified name. */
  readonly embedded?: Fields | undefined;
  /** The sidecar's own fields. */
  readonly sidecar?: Fields | undefined;
}

/**
 * TDM Reservation Protocol (W3C community group report): a later place supersedes an earlier one (file, header, HTML, embedded),
 * silence never resets. Only 0 and 1 are values; anything else is unreadable.
 */
export function readTdmRep(found: TdmDeclarations, path: string, source: string): OptOut[] {
  const places: [field: string, value: unknown][] = [
    ["tdmrep.json", ruleFor(found.file, path)],
    ["header tdm-reservation", member(found.headers, "tdm-reservation")],
    ["meta tdm-reservation", member(found.meta, "tdm-reservation")],
    ["tdm-reservation", member(found.sidecar, "tdm-reservation") ?? member(found.sidecar, "tdm_reservation")],
    ["tdm:reservation", member(found.embedded, "tdm:reservation")],
  ];
  const [field, value] = places.findLast(([, given]) => given !== undefined && given !== null) ?? [];
  if (field === undefined) return [];
  const text = String(value).trim();
  if (text === "1") return [signal("tdmrep", "prohibited", "text and data mining is reserved", source, field, value)];
  if (text === "0") return [signal("tdmrep", "allowed", "text and data mining is not reserved", source, field, value)];
  return [signal("tdmrep", "unreadable", "the reservation is neither 0 nor 1", source, field, value)];
}

/** The reservation of the most specific rule whose location matches; the file itself where it is no list of rules. */
function ruleFor(file: unknown, path: string): unknown {
  if (file === undefined || file === null) return undefined;
  const rules = Array.isArray(file) ? file : [file];
  let best: { readonly length: number; readonly value: unknown } | undefined;
  for (const rule of rules) {
    const fields = fieldsOf(rule);
    const location = member(fields, "location");
    if (!fields || typeof location !== "string") return "a rule without location";
    if (matches(location, path) && location.length >= (best?.length ?? 0)) {
      best = { length: location.length, value: member(fields, "tdm-reservation") };
    }
  }
  return best?.value;
}

/** Paths as in robots.txt: a prefix, `*` for any characters, `$` for the end. */
export function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith("$");
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(parts[0]!)) return false;
  let at = parts[0]!.length;
  for (const part of parts.slice(1)) {
    const next = path.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  return !anchored || at === path.length || (parts.length > 1 && path.endsWith(parts.at(-1)!));
}
