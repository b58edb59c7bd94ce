import { type ComplianceMode, complianceModes } from "../../protocol/compliance.ts";
import type { ComplianceItem, ItemVerdict } from "../../protocol/outputs.ts";
import { termFlags, type Verdict } from "../compliance/index.ts";
import type { CollectionProblem, Item } from "./item.ts";

/** An item as the compliance output of `mode` shows it. `inMode` gives the verdict of another mode, for comparison. */
export function complianceItem(
  item: Item,
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

/** A file that could not be used, as the compliance output of `mode` shows it: no mode admits it. */
export function problemItem({ file, code, reason, remedy }: CollectionProblem, mode: ComplianceMode): ComplianceItem {
  return {
    id: file,
    licenceClass: "unknown",
    bytes: 0,
    admitted: false,
    rule: code,
    reason: `${reason}. ${remedy}`,
    verdicts: inOtherModes(mode, () => ({ admitted: false, rule: code, reason })),
    evidence: [],
    flags: [],
  };
}

/** The verdicts of the modes beside `mode`; what is not known is left out. */
function inOtherModes(
  mode: ComplianceMode,
  verdict: (other: ComplianceMode) => ItemVerdict | undefined,
): NonNullable<ComplianceItem["verdicts"]> {
  const verdicts = complianceModes.filter((other) => other !== mode).map((other) => [other, verdict(other)] as const);
  return Object.fromEntries(verdicts.filter(([, known]) => known !== undefined));
}
