import { classPhrase } from "../../../protocol/classes.ts";
import type { Basis, Licence, TermFlags } from "../../compliance/index.ts";

/** Terms that ask for nothing. */
export const noTerms: TermFlags = { by: false, sa: false, nc: false, nd: false };

/** A licence with what is not given filled in: no terms, no version, the basis that follows from the class. */
export function reading(found: Pick<Licence, "licenceClass" | "id" | "name"> & Partial<Licence>): Licence {
  return {
    url: null,
    version: null,
    jurisdiction: null,
    flags: noTerms,
    basis: basisOf(found.licenceClass),
    conflict: false,
    reason: `${found.name ?? found.id ?? "the licence"} is of ${classPhrase(found.licenceClass)}`,
    ...found,
  };
}

function basisOf(licenceClass: Licence["licenceClass"]): Basis {
  if (licenceClass === "public_domain") return "public_domain";
  return licenceClass === "copyrighted" || licenceClass === "unknown" ? "none" : "licence";
}
