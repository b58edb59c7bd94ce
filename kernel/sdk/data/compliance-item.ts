import type { ComplianceItem } from "../../protocol/outputs.ts";
import { termFlags, type Verdict } from "../compliance/index.ts";
import type { CollectionProblem, Item } from "./item.ts";

/** An item as the compliance output shows it. */
export function complianceItem(item: Item, { admitted, rule, reason, alternative }: Verdict): ComplianceItem {
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

/** A file that could not be used, as the compliance output shows it. */
export function problemItem({ file, code, reason, remedy }: CollectionProblem): ComplianceItem {
  return {
    id: file,
    licenceClass: "unknown",
    bytes: 0,
    admitted: false,
    rule: code,
    reason: `${reason}. ${remedy}`,
    evidence: [],
    flags: [],
  };
}
