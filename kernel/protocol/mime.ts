/** The kinds of rich output that Assay's renderers show. */
export const outputKinds = [
  "images",
  "table",
  "plot",
  "progress",
  "compliance",
  "video",
  "mesh",
  "audio",
  "record",
  "value",
] as const;
export type OutputKind = (typeof outputKinds)[number];

/** The MIME type of a kind: `application/vnd.assay.<kind>.v1+json`. */
export function assayMime<K extends OutputKind>(kind: K): `application/vnd.assay.${K}.v1+json` {
  return `application/vnd.assay.${kind}.v1+json`;
}

/** Content by MIME type: text and base64 as strings, JSON types as values, as in nbformat. */
export type MimeBundle = Readonly<Record<string, unknown>>;
