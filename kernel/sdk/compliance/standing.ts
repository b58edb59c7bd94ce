import type { LicenceClass } from "../../protocol/compliance.ts";

/** What a licence asks of its users: attribution, share alike, no commercial use, no derivatives. */
export interface TermFlags {
  readonly by: boolean;
  readonly sa: boolean;
  readonly nc: boolean;
  readonly nd: boolean;
}
export type TermFlag = keyof TermFlags;
export const termFlags = ["by", "sa", "nc", "nd"] as const satisfies readonly TermFlag[];

/** On what ground a work may be used. `us_fair_use` and the two EU exceptions hold in their jurisdictions only. */
export type Basis = "contract" | "licence" | "public_domain" | "us_fair_use" | "eu_art3" | "eu_art4" | "none";

/** What was read, and where: enough to check a decision by hand. */
export interface Evidence {
  /** The file, or the kind of metadata inside one: "cat.json", "cat.jpg XMP". */
  readonly source: string;
  /** The field as it is called there: "license_url", "extmetadata.License". */
  readonly field: string;
  /** The value as it stands there; long ones are cut. */
  readonly value: string;
  /** SHA-256 of the file it was read from. */
  readonly sha256?: string;
}

/** What a work's licence is found to be. */
export interface Licence {
  readonly licenceClass: LicenceClass;
  /** SPDX id or expression, or `LicenseRef-…` where SPDX has none; null when nothing is known. */
  readonly id: string | null;
  /** As people call it: "CC BY-SA 3.0 DE". */
  readonly name: string | null;
  /** Canonical address of the licence or the statement. */
  readonly url: string | null;
  readonly version: string | null;
  /** Where it holds, or for which law it was written: "de", "us", "igo"; null for everywhere. */
  readonly jurisdiction: string | null;
  readonly flags: TermFlags;
  readonly basis: Basis;
  /** Two fields said different things. */
  readonly conflict: boolean;
  /** Why this class: a clause without a full stop. */
  readonly reason: string;
}

/** The ways in which a rights holder says no (or yes) to machine learning. */
export type OptOutSignal = "tdmrep" | "aipref" | "content_signal" | "noai" | "c2pa" | "plus" | "robots" | "terms";

/** One signal about training, as found. */
export interface OptOut {
  readonly signal: OptOutSignal;
  /** `constrained` and `unreadable` count as prohibited: what is not clearly allowed is not allowed. */
  readonly decision: "allowed" | "prohibited" | "constrained" | "unreadable";
  /** What it says, in a clause. */
  readonly detail: string;
  readonly evidence: Evidence;
}

/** All that a verdict looks at. */
export interface Standing {
  readonly licence: Licence;
  readonly optOuts: readonly OptOut[];
}

/** No licence found, or none that can be read. */
export function unknownLicence(reason: string): Licence {
  return {
    licenceClass: "unknown",
    id: null,
    name: null,
    url: null,
    version: null,
    jurisdiction: null,
    flags: { by: false, sa: false, nc: false, nd: false },
    basis: "none",
    conflict: false,
    reason,
  };
}
