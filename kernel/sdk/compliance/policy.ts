import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import { contentHash } from "../../store/canonical.ts";
import type { Basis, TermFlag } from "./standing.ts";

/** The rules of the modes, as data. */
export interface Policy {
  /** Names these very rules: recorded with every decision. */
  readonly version: string;
  /** The licence classes that each mode admits. */
  readonly admits: Readonly<Record<ComplianceMode, readonly LicenceClass[]>>;
  /** Licences with one of these terms are excluded, in every mode but `full_dataset`. Default none. */
  readonly excludeFlags: readonly TermFlag[];
  /** Licences bound to one of these jurisdictions are excluded, in every mode but `full_dataset`. Default none. */
  readonly excludeJurisdictions: readonly string[];
  readonly optOuts: {
    /** The modes in which an opt-out excludes. */
    readonly modes: readonly ComplianceMode[];
    /** Grounds of use that hold against an opt-out, such as a contract or the EU exception for research (Article 3). */
    readonly overriddenBy: readonly Basis[];
  };
  /** A base model of a class that the mode does not admit: refused, or used with every output marked. */
  readonly base: "gate" | "disclose";
}

/** The rules that hold unless a notebook brings its own. */
export const defaultPolicy: Policy = {
  version: "assay-policy-1",
  admits: {
    open_source_only: ["public_domain", "creative_commons"],
    research_safe: ["public_domain", "creative_commons", "fair_use_research"],
    full_dataset: ["public_domain", "creative_commons", "fair_use_research", "copyrighted", "unknown"],
  },
  excludeFlags: [],
  excludeJurisdictions: [],
  optOuts: { modes: ["open_source_only", "research_safe"], overriddenBy: ["contract"] },
  base: "gate",
};

/** What may be changed in a policy. Classes that a mode admits are fixed: a mode means the same everywhere. */
export interface PolicyChanges {
  readonly excludeFlags?: readonly TermFlag[];
  readonly excludeJurisdictions?: readonly string[];
  readonly optOutsOverriddenBy?: readonly Basis[];
  readonly base?: Policy["base"];
}

/** The default policy with changes; its version names them by hash, so that equal rules have equal versions. */
export function policy(changes: PolicyChanges = {}): Policy {
  const rules = {
    excludeFlags: sorted(changes.excludeFlags ?? defaultPolicy.excludeFlags),
    excludeJurisdictions: sorted((changes.excludeJurisdictions ?? []).map((name) => name.toLowerCase())),
    overriddenBy: sorted(changes.optOutsOverriddenBy ?? defaultPolicy.optOuts.overriddenBy),
    base: changes.base ?? defaultPolicy.base,
  };
  const { overriddenBy, ...others } = rules;
  const changed = { ...defaultPolicy, ...others, optOuts: { ...defaultPolicy.optOuts, overriddenBy } };
  if (contentHash(changed) === contentHash(defaultPolicy)) return defaultPolicy;
  return { ...changed, version: `${defaultPolicy.version}+${contentHash(rules).slice(0, 8)}` };
}

function sorted<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}
