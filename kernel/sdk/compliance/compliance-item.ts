import { type ComplianceMode, complianceModes } from "../../protocol/compliance.ts";
import type { ComplianceItem, ItemVerdict } from "../../protocol/outputs.ts";
import { type Evidence, type Standing, termFlags } from "./standing.ts";
import type { Verdict } from "./verdict.ts";

/** An item as far as it can be judged and attributed. */
export interface JudgedItem extends Standing {
  readonly id: string;
  readonly bytes: number;
  readonly about: {
    readonly title?: string | undefined;
    readonly author?: string | undefined;
    /** Where it was published. */
    readonly page?: string | undefined;
  };
  readonly evidence: readonly Evidence[];
  readonly marks: readonly string[];
}

/** An item as the compliance output of `mode` shows it. `inMode` gives the verdict of another mode, for comparison. */
export function complianceItem(
  item: JudgedItem,
  mode: ComplianceMode,
  { admitted, rule, reason, alternative }: Verdict,
  inMode: (other: ComplianceMode) => Verdict | undefined,
): ComplianceItem {
  const { about, licence, optOuts, evidence, marks } = item;
  const optional = {
    title: about.title,
    author: about.author,
    source: about.page,
    licence: licence.name ?? licence.id,
    licenceUrl: licence.url,
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined && value !== null);
  return {
    id: item.id,
    ...Object.fromEntries(given),
    licenceClass: licence.licenceClass,
    bytes: item.bytes,
    admitted,
    rule,
    reason: admitted || !alternative ? reason : `${reason}. ${alternative}`,
    verdicts: inOtherModes(mode, (other) => {
      const verdict = inMode(other);
      return verdict && { admitted: verdict.admitted, rule: verdict.rule, reason: verdict.reason };
    }),
    evidence: [...evidence, ...optOuts.map(({ evidence: one }) => one)].map(({ source, field, value }) => ({
      source,
      field,
      value,
    })),
    flags: [
      ...termFlags.filter((flag) => licence.flags[flag]).map((flag) => flag.toUpperCase()),
      ...(licence.conflict ? ["conflict"] : []),
      ...(licence.jurisdiction ? [`jurisdiction ${licence.jurisdiction}`] : []),
      ...optOuts.map(({ signal, decision }) => `${signal} ${decision}`),
      ...marks,
    ],
  };
}

/** The verdicts of the modes beside `mode`; what is not known is left out. */
export function inOtherModes(
  mode: ComplianceMode,
  verdict: (other: ComplianceMode) => ItemVerdict | undefined,
): NonNullable<ComplianceItem["verdicts"]> {
  const verdicts = complianceModes.filter((other) => other !== mode).map((other) => [other, verdict(other)] as const);
  return Object.fromEntries(verdicts.filter(([, known]) => known !== undefined));
}
