import {
  type ComplianceMode,
  complianceModes,
  type LicenceClass,
  licenceClasses,
} from "../../kernel/protocol/compliance.ts";
import type { ComplianceItem, ComplianceOutput, ItemVerdict } from "../../kernel/protocol/outputs.ts";

/** What a mode makes of some items. */
export interface Admission {
  readonly admitted: number;
  /** Bytes of the admitted items. */
  readonly bytes: number;
  /** Items of which the output does not say what this mode makes of them. */
  readonly unstated: number;
}

/** What one licence class holds. */
export interface ClassSummary {
  readonly licenceClass: LicenceClass;
  readonly items: number;
  readonly bytes: number;
  readonly modes: Readonly<Record<ComplianceMode, Admission>>;
}

/** Items that were excluded for the same reason. */
export interface Exclusion {
  readonly rule: string;
  readonly reason: string;
  readonly items: readonly ComplianceItem[];
}

/** What `mode` makes of an item of an output made in mode `own`; `undefined` where the output does not say. */
export function verdictIn(item: ComplianceItem, mode: ComplianceMode, own: ComplianceMode): ItemVerdict | undefined {
  return mode === own ? item : item.verdicts?.[mode];
}

/** What each mode makes of some items. */
export function byMode(items: readonly ComplianceItem[], own: ComplianceMode): Record<ComplianceMode, Admission> {
  const admission = (mode: ComplianceMode): Admission => {
    let [admitted, bytes, unstated] = [0, 0, 0];
    for (const item of items) {
      const verdict = verdictIn(item, mode, own);
      if (!verdict) unstated++;
      else if (verdict.admitted) {
        admitted++;
        bytes += item.bytes;
      }
    }
    return { admitted, bytes, unstated };
  };
  return Object.fromEntries(complianceModes.map((mode) => [mode, admission(mode)])) as Record<
    ComplianceMode,
    Admission
  >;
}

/** Items and bytes by licence class, from the freest to the unknown; classes without items are left out. */
export function byClass({ items, mode }: ComplianceOutput): ClassSummary[] {
  const groups = Map.groupBy(items, ({ licenceClass }) => licenceClass);
  return licenceClasses.flatMap((licenceClass) => {
    const own = groups.get(licenceClass);
    if (!own) return [];
    const bytes = own.reduce((sum, item) => sum + item.bytes, 0);
    return [{ licenceClass, items: own.length, bytes, modes: byMode(own, mode) }];
  });
}

/** Excluded items by rule and reason, the most frequent first. */
export function exclusions(items: readonly ComplianceItem[]): Exclusion[] {
  const excluded = items.filter((item) => !item.admitted);
  return [...Map.groupBy(excluded, ({ rule, reason }) => JSON.stringify([rule, reason])).values()]
    .map((group) => ({ rule: group[0]!.rule, reason: group[0]!.reason, items: group }))
    .sort((a, b) => b.items.length - a.items.length);
}

/** Title, author, source, licence: the attribution line that Creative Commons licences ask for. What is missing is said. */
export function attribution(item: ComplianceItem): string {
  const title = `"${item.title ?? item.id}"`;
  const author = item.author ? ` by ${item.author}` : ", author not named";
  const source = item.source ? `, ${item.source}` : "";
  const url = item.licenceUrl ? ` (${item.licenceUrl})` : "";
  return `${title}${author}${source}, ${item.licence ?? "licence not stated"}${url}`;
}
