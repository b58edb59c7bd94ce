import { type LicenceClass, licenceClasses } from "../../kernel/protocol/compliance.ts";
import type { ComplianceItem } from "../../kernel/protocol/outputs.ts";

/** What one licence class holds. */
export interface ClassSummary {
  readonly licenceClass: LicenceClass;
  readonly items: number;
  readonly bytes: number;
  readonly admitted: number;
}

/** Items that were excluded for the same reason. */
export interface Exclusion {
  readonly rule: string;
  readonly reason: string;
  readonly items: readonly ComplianceItem[];
}

/** Items and bytes by licence class, from the freest to the unknown; classes without items are left out. */
export function byClass(items: readonly ComplianceItem[]): ClassSummary[] {
  return licenceClasses
    .map((licenceClass) => {
      const own = items.filter((item) => item.licenceClass === licenceClass);
      return {
        licenceClass,
        items: own.length,
        bytes: own.reduce((sum, item) => sum + item.bytes, 0),
        admitted: own.filter((item) => item.admitted).length,
      };
    })
    .filter((summary) => summary.items > 0);
}

/** Excluded items by rule and reason, the most frequent first. */
export function exclusions(items: readonly ComplianceItem[]): Exclusion[] {
  const groups = new Map<string, { rule: string; reason: string; items: ComplianceItem[] }>();
  for (const item of items) {
    if (item.admitted) continue;
    const key = JSON.stringify([item.rule, item.reason]);
    const group = groups.get(key) ?? { rule: item.rule, reason: item.reason, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}

/** Title, author, source, licence: the attribution line that Creative Commons licences ask for. */
export function attribution(item: ComplianceItem): string {
  const title = `"${item.title ?? item.id}"`;
  const author = item.author ? ` by ${item.author}` : "";
  const source = item.source ? `, ${item.source}` : "";
  const url = item.licenceUrl ? ` (${item.licenceUrl})` : "";
  return `${title}${author}${source}, ${item.licence ?? "licence not stated"}${url}`;
}
