import { classPhrase, licenceClassNames, modePhrase } from "../../protocol/classes.ts";
import { type ComplianceMode, complianceModes } from "../../protocol/compliance.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import { type OptOut, type OptOutSignal, type Standing, type TermFlag, termFlags } from "./standing.ts";

/** What a mode makes of an item. */
export interface Verdict {
  readonly admitted: boolean;
  /** The rule that decided: `mode.class`, `mode.all`, `class.unknown`, `class.conflict`, `optout.<signal>`, `flag.<term>`, `jurisdiction`. */
  readonly rule: string;
  /** Why: a clause without a full stop. */
  readonly reason: string;
  /** What would admit an excluded item; null for an admitted one. */
  readonly alternative: string | null;
}

const signalNames: Record<OptOutSignal, string> = {
  tdmrep: "TDMRep reservation",
  aipref: "AIPREF Content-Usage",
  content_signal: "Content-Signal",
  noai: "noai directive",
  c2pa: "C2PA/CAWG training assertion",
  plus: "PLUS data-mining property",
  robots: "robots.txt rule for AI agents",
  terms: "terms of use",
};

const flagNames: Record<TermFlag, string> = {
  by: "attribution (BY)",
  sa: "share-alike (SA)",
  nc: "non-commercial (NC)",
  nd: "no-derivatives (ND)",
};

/** Decides whether a mode admits an item. Opt-outs come first, then the licence class, then the terms that the policy excludes. */
export function verdict(item: Standing, mode: ComplianceMode, policy: Policy = defaultPolicy): Verdict {
  const refusal = refuse(item, mode, policy);
  if (!refusal) return admit(item, mode);
  return { admitted: false, ...refusal, alternative: alternative(item, mode, policy, refusal.rule) };
}

interface Refusal {
  readonly rule: string;
  readonly reason: string;
}

function admit({ licence }: Standing, mode: ComplianceMode): Verdict {
  if (mode === "full_dataset") {
    return {
      admitted: true,
      rule: "mode.all",
      reason: `${modePhrase(mode)} admits everything, for comparison only`,
      alternative: null,
    };
  }
  const terms = termFlags.filter((flag) => licence.flags[flag]).map((flag) => flag.toUpperCase());
  const reason = `${modePhrase(mode)} admits ${classPhrase(licence.licenceClass)}${terms.length > 0 ? ` (terms: ${terms.join(", ")})` : ""}`;
  return { admitted: true, rule: "mode.class", reason, alternative: null };
}

function refuse({ licence, optOuts }: Standing, mode: ComplianceMode, policy: Policy): Refusal | undefined {
  const optOut = policy.optOuts.modes.includes(mode) ? strongest(optOuts) : undefined;
  if (optOut && !policy.optOuts.overriddenBy.includes(licence.basis)) {
    return { rule: `optout.${optOut.signal}`, reason: `${signalNames[optOut.signal]}: ${decisionText(optOut)}` };
  }
  if (!policy.admits[mode].includes(licence.licenceClass)) {
    if (licence.licenceClass === "unknown") {
      return { rule: licence.conflict ? "class.conflict" : "class.unknown", reason: licence.reason };
    }
    return {
      rule: "mode.class",
      reason: `of ${classPhrase(licence.licenceClass)}, and ${modePhrase(mode)} admits only ${admittedWords(policy, mode)}`,
    };
  }
  if (mode === "full_dataset") return undefined;
  const flag = termFlags.find((term) => licence.flags[term] && policy.excludeFlags.includes(term));
  if (flag) return { rule: `flag.${flag}`, reason: `the policy excludes licences with the term ${flagNames[flag]}` };
  if (licence.jurisdiction && policy.excludeJurisdictions.includes(licence.jurisdiction.toLowerCase())) {
    return {
      rule: "jurisdiction",
      reason: `the policy excludes what is bound to the jurisdiction ${licence.jurisdiction}`,
    };
  }
  return undefined;
}

const severity: Record<OptOut["decision"], number> = { allowed: 0, constrained: 1, unreadable: 2, prohibited: 3 };

/** The signal that says no most clearly; none when all that is said is yes. */
export function strongest(optOuts: readonly OptOut[]): OptOut | undefined {
  const refusing = optOuts.filter(({ decision }) => decision !== "allowed");
  return refusing.reduce<OptOut | undefined>(
    (best, next) => (best && severity[best.decision] >= severity[next.decision] ? best : next),
    undefined,
  );
}

function decisionText({ decision }: OptOut): string {
  if (decision === "prohibited") return "training is not allowed";
  return decision === "constrained"
    ? "training is allowed under constraints that are not known, which counts as not allowed"
    : "it cannot be read, which counts as not allowed";
}

function alternative(item: Standing, mode: ComplianceMode, policy: Policy, rule: string): string {
  if (rule.startsWith("optout.")) return "Leave it out, or get the rights holder's permission and give basis: contract";
  if (rule === "class.unknown") return "Name its licence in the sidecar file, or leave it out";
  if (rule === "class.conflict") return "Correct the field that is wrong, or leave it out";
  if (rule.startsWith("flag.") || rule === "jurisdiction")
    return "Use a policy without that exclusion, or leave it out";
  const wider = complianceModes.slice(complianceModes.indexOf(mode) + 1).find((other) => !refuse(item, other, policy));
  if (wider === "full_dataset") return `Only ${modePhrase(wider)}, which is for comparison, admits it`;
  return wider ? `${sentence(modePhrase(wider))} admits it` : "Leave it out";
}

function admittedWords(policy: Policy, mode: ComplianceMode): string {
  return list(policy.admits[mode].map((licenceClass) => `“${licenceClassNames[licenceClass]}”`));
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "a, b and c". */
function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Whether everything that `inner` admits is admitted by `outer`. */
export function modeWithin(inner: ComplianceMode, outer: ComplianceMode): boolean {
  return complianceModes.indexOf(inner) <= complianceModes.indexOf(outer);
}
