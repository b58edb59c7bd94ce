import type { Licence } from "../../compliance/index.ts";
import { readCreativeCommonsCode, readCreativeCommonsName, readCreativeCommonsUrl } from "./creative-commons.ts";
import { readFlickrId } from "./flickr.ts";
import { readKnownUrl } from "./known-urls.ts";
import { readName } from "./names.ts";
import { readRightsStatementId, readRightsStatementUrl } from "./rights-statements.ts";
import { readSpdx } from "./spdx.ts";

/** How a field says which licence it means. */
export type ClaimKind =
  /** A licence, in any of the ways that people write one. */
  | "licence"
  /** An address. */
  | "url"
  /** An SPDX id or expression. */
  | "spdx"
  /** A Creative Commons code as Openverse writes it, with the version elsewhere. */
  | "cc_code"
  /** A number of Flickr's list. */
  | "flickr"
  /** An id or address of rightsstatements.org, or a licence's address in its place. */
  | "statement"
  /** Free text, which counts when it has one meaning, and is passed over when it has none. */
  | "text";

/** Reads what one field says; null where it cannot be read. @param version for `cc_code`, from its own field. */
export function readLicence(kind: ClaimKind, value: string, version: string | null = null): Licence | null {
  const text = value.trim();
  switch (kind) {
    case "url":
      return readUrl(text);
    case "spdx":
      return readSpdx(text);
    case "cc_code":
      return readCreativeCommonsCode(text, version) ?? readAny(text);
    case "flickr":
      return readFlickrId(text);
    case "statement":
      return readRightsStatementId(text) ?? readAny(text);
    case "licence":
    case "text":
      return readAny(text);
  }
}

function readAny(text: string): Licence | null {
  const asUrl = readUrl(text);
  if (asUrl) return asUrl;
  return readName(text) ?? readCreativeCommonsName(text) ?? readSpdx(text);
}

/** Reads an address with http, https, or no scheme at all. What only resembles a known address is not read. */
export function readUrl(text: string): Licence | null {
  if (text.length > 500 || /\s/.test(text)) return null;
  const withScheme = /^https?:\/\//i.test(text)
    ? text
    : /^(?:\/\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(text)
      ? `https://${text.replace(/^\/\//, "")}`
      : null;
  const url = withScheme ? URL.parse(withScheme) : null;
  if (url?.username !== "" || url.password !== "") return null;
  return readCreativeCommonsUrl(url) ?? readRightsStatementUrl(url) ?? readKnownUrl(url);
}
