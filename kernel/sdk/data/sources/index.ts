import { flickr } from "./flickr.ts";
import { huggingFace } from "./hugging-face.ts";
import { internetArchive } from "./internet-archive.ts";
import { metropolitan, rightsStatement, smithsonian } from "./museums.ts";
import { openverse } from "./openverse.ts";
import { plain } from "./plain.ts";
import type { About, FieldClaim, Fields, Source } from "./source.ts";
import { wikimedia } from "./wikimedia.ts";

export { type About, type FieldClaim, type Fields, fields, own, type Source, text } from "./source.ts";

/** From the most particular to the plainest. */
export const sources: readonly Source[] = [
  flickr,
  openverse,
  wikimedia,
  smithsonian,
  metropolitan,
  internetArchive,
  huggingFace,
  rightsStatement,
  plain,
];

/** What a record says, read by every source whose fields it has. */
export interface SourceReading {
  /** The most particular source that fits. */
  readonly source: string;
  readonly claims: readonly FieldClaim[];
  readonly about: About;
}

/** Reads a record. A field that one source understands is not read again by a plainer one. */
export function readSource(record: Fields): SourceReading {
  const fitting = sources.filter((source) => source.fits(record));
  const taken = new Set<string>();
  const claims: FieldClaim[] = [];
  for (const source of fitting) {
    const fresh = source.claims(record).filter(({ field }) => !taken.has(field));
    for (const { field } of fresh) taken.add(field);
    claims.push(...fresh);
  }
  const about: About = Object.assign({}, ...fitting.toReversed().map((source) => source.about(record)));
  return { source: fitting[0]?.id ?? "plain", claims, about };
}
