import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * The canonical JSON (RFC 8785) of a value: sorted keys, one way to write each number, no white space.
 *
 * What JSON cannot say is read as `JSON.stringify` reads it: `undefined` and functions are left out (`null` inside arrays), a
 * number that is not finite is `null`. Lone surrogates, which RFC 8785 refuses, become U+FFFD. Throws a `TypeError` on cycles.
 */
export function canonicalJson(value: unknown): string {
  try {
    return canonicalize(value) ?? "null";
  } catch {
    const plain: unknown = JSON.parse(JSON.stringify(value) ?? "null", wellFormed);
    return canonicalize(plain) ?? "null";
  }
}

/** SHA-256 of the canonical JSON of a value, in lower-case hexadecimal. */
export function contentHash(value: unknown): string {
  return hashOf(canonicalJson(value));
}

/** SHA-256 of bytes, or of a text in UTF-8, in lower-case hexadecimal. */
export function hashOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), member]));
}
