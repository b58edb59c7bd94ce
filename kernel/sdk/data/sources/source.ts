import type { ClaimKind } from "../licence/index.ts";

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field that says something of the licence. */
export interface FieldClaim {
  readonly kind: ClaimKind;
  readonly field: string;
  readonly value: string;
  readonly version?: string;
}

/** What a record says about the work itself. */
export interface About {
  readonly title?: string;
  readonly author?: string;
  readonly authorUrl?: string;
  /** The page where the work was found. */
  readonly page?: string;
  readonly caption?: string;
}

/** One provider's way to describe an image. */
export interface Source {
  readonly id: string;
  /** Whether a record has this provider's fields. */
  readonly fits: (record: Fields) => boolean;
  readonly claims: (record: Fields) => readonly FieldClaim[];
  readonly about: (record: Fields) => About;
}

/** The value as an object with named members. */
export function fields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** An own member, never an inherited one. */
export function own(record: Fields | undefined, name: string): unknown {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The first of several members that is a text with something in it, trimmed; numbers count as text. */
export function text(record: Fields | undefined, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = own(record, name);
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/**
 * A claim for each value of a field: absent, null and empty say nothing; a text or number speaks; a list makes one claim each; what
 * else stands there is claimed as JSON, which no reader understands.
 */
export function claim(record: Fields | undefined, kind: ClaimKind, name: string, prefix = ""): FieldClaim[] {
  const value = own(record, name);
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    if (one === undefined || one === null || one === "") return [];
    const said = typeof one === "string" || typeof one === "number" ? String(one) : (JSON.stringify(one) ?? "");
    return said.trim() === "" ? [] : [{ kind, field: prefix + name, value: said }];
  });
}

/** Removes what is undefined. */
export function about(found: { readonly [K in keyof About]: About[K] | undefined }): About {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as About;
}

/** Text without HTML tags, for fields that carry markup; it is escaped again wherever it is shown. */
export function plain(markup: string | undefined): string | undefined {
  if (markup === undefined) return undefined;
  const bare = markup
    .replace(/<[^<>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return bare === "" ? undefined : bare;
}
