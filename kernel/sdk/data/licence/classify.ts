import { type Evidence, type Licence, type TermFlags, unknownLicence } from "../../compliance/index.ts";
import { type ClaimKind, readLicence } from "./read-licence.ts";

/** What one field says about the licence. */
export interface Claim {
  readonly kind: ClaimKind;
  /** The file or the kind of metadata that holds the field. */
  readonly source: string;
  readonly field: string;
  readonly value: string;
  /** The version of a `cc_code`, from its own field. */
  readonly version?: string;
  /** Item metadata outranks what is embedded in the file, which outranks a licence of the collection. */
  readonly level: "item" | "embedded" | "collection";
}

/** A licence with all that was read to find it. */
export interface Classification {
  readonly licence: Licence;
  readonly evidence: readonly Evidence[];
}

interface Reading {
  readonly claim: Claim;
  readonly licence: Licence | null;
}

/** Evidence keeps so many characters of a value. */
const keptLength = 300;

/**
 * Finds the licence that several claims agree on. The highest level that says anything decides. A field that cannot be read makes
 * it unknown; two fields of different classes make it unknown, with both as evidence; two licences of one class give the terms of
 * both, and the mark of a conflict.
 */
export function classify(claims: readonly Claim[]): Classification {
  const evidence = claims.map(({ source, field, value }): Evidence => ({ source, field, value: cut(value) }));
  const readings = claims.map(
    (claim): Reading => ({ claim, licence: readLicence(claim.kind, claim.value, claim.version ?? null) }),
  );
  for (const level of ["item", "embedded", "collection"] as const) {
    const speaking = readings.filter(
      ({ claim, licence }) => claim.level === level && (licence !== null || claim.kind !== "text"),
    );
    if (speaking.length > 0) return { licence: agree(speaking), evidence };
  }
  const silent = claims.length > 0 ? "no field names a licence in a way that can be read" : "no licence is given";
  return { licence: unknownLicence(silent), evidence };
}

function agree(readings: readonly Reading[]): Licence {
  const unread = readings.find(({ licence }) => licence === null);
  if (unread) return unknownLicence(`${unread.claim.field} is not a licence that can be read`);
  const licences = readings.map(({ licence }) => licence!);
  const first = licences.reduce((best, next) => (detail(next) > detail(best) ? next : best));
  const other = readings.find(({ licence }) => licence!.licenceClass !== first.licenceClass);
  if (other) {
    const same = readings.find(({ licence }) => licence === first)!;
    return {
      ...unknownLicence(
        `${same.claim.field} and ${other.claim.field} contradict each other on the class of the licence`,
      ),
      conflict: true,
    };
  }
  const flags = licences.map((licence) => licence.flags).reduce(union);
  const conflict = licences.some((licence) => !compatible(first, licence));
  if (!conflict) return { ...first, flags };
  return { ...strictest(licences), flags, conflict: true };
}

/** How much a reading says: version and jurisdiction. */
function detail({ version, jurisdiction }: Licence): number {
  return Number(version !== null) * 2 + Number(jurisdiction !== null);
}

/** Whether two readings can mean the same licence: what both say is equal. */
function compatible(a: Licence, b: Licence): boolean {
  const same = <T>(x: T | null, y: T | null) => x === null || y === null || x === y;
  const terms = Object.entries(a.flags).every(([flag, value]) => b.flags[flag as keyof TermFlags] === value);
  return terms && same(a.version, b.version) && same(a.jurisdiction, b.jurisdiction);
}

function strictest(licences: readonly Licence[]): Licence {
  const weight = ({ flags }: Licence) => Object.values(flags).filter(Boolean).length;
  return licences.reduce((best, next) => (weight(next) > weight(best) ? next : best));
}

function union(a: TermFlags, b: TermFlags): TermFlags {
  return { by: a.by || b.by, sa: a.sa || b.sa, nc: a.nc || b.nc, nd: a.nd || b.nd };
}

function cut(value: string): string {
  return value.length > keptLength ? `${value.slice(0, keptLength)}…` : value;
}
