import type { RecordedParticipant, Reproducible } from "../protocol/record.ts";
import { recordVersion } from "../protocol/record-version.ts";
import { canonicalJson, hashOf } from "./canonical.ts";

/** Puts the reproducible part of a record into its one form: each participant and each upstream id once, in a fixed order. */
export function reproduciblePart(part: Omit<Reproducible, "version">): Reproducible {
  const participants = new Map(part.participants.map((one) => [canonicalJson(one), one]));
  const sorted = [...participants].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const upstream = [...new Set(part.upstream)].sort();
  return { version: recordVersion, ...part, upstream, participants: sorted.map(([, one]) => one) };
}

/** The content id: SHA-256 over the canonical JSON of the reproducible part. */
export function contentIdOf(part: Reproducible): string {
  return hashOf(canonicalJson(part));
}

/** What the content id covers of a participant that a cell reported. */
export function coveredPart(
  direction: RecordedParticipant["direction"],
  what: Omit<RecordedParticipant, "direction">,
): RecordedParticipant {
  const { role, name, sha256, bytes, mime, licenceClass } = what;
  return {
    direction,
    role,
    name,
    sha256,
    bytes,
    ...(mime === undefined ? {} : { mime }),
    ...(licenceClass === undefined ? {} : { licenceClass }),
  };
}
