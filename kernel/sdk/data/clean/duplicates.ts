import { type Licence, licenceClasses, unknownLicence } from "../../compliance/index.ts";
import type { Item } from "../item.ts";

/** An item that is the same picture as another one. */
export interface Duplicate {
  readonly item: Item;
  /** The item that stays in its place. */
  readonly of: Item;
}

export interface Deduplicated {
  readonly kept: readonly Item[];
  readonly duplicates: readonly Duplicate[];
}

/**
 * Keeps one item of each picture: the first by id of those with equal bytes or equal pixels. What one copy says holds for the
 * picture: it has the opt-outs of all copies, and copies of different licence classes make its licence unknown.
 */
export function deduplicate(items: readonly Item[]): Deduplicated {
  const groups = Map.groupBy(items, ({ pixelHash }) => pixelHash);
  const kept: Item[] = [];
  const duplicates: Duplicate[] = [];
  for (const group of groups.values()) {
    const ordered = group.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const first = ordered[0]!;
    const merged = ordered.length === 1 ? first : merge(first, ordered);
    kept.push(merged);
    duplicates.push(...ordered.slice(1).map((item) => ({ item, of: merged })));
  }
  return { kept, duplicates };
}

function merge(first: Item, copies: readonly Item[]): Item {
  const other = copies.find(({ licence }) => licence.licenceClass !== first.licence.licenceClass);
  const licence: Licence = other
    ? { ...unknownLicence(`it is the same picture as ${other.id}, whose licence class differs`), conflict: true }
    : strictest(copies.map((copy) => copy.licence));
  return {
    ...first,
    licence,
    optOuts: copies.flatMap(({ optOuts }) => optOuts),
    evidence: copies.flatMap(({ evidence }) => evidence),
  };
}

function strictest(licences: readonly Licence[]): Licence {
  const weight = ({ flags, licenceClass }: Licence) =>
    licenceClasses.indexOf(licenceClass) * 8 + Object.values(flags).filter(Boolean).length;
  return licences.reduce((best, next) => (weight(next) > weight(best) ? next : best));
}
