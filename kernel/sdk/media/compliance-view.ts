import { licenceClassNames, modeNames } from "../../protocol/classes.ts";
import type { LicenceClass } from "../../protocol/compliance.ts";
import { licenceClasses } from "../../protocol/compliance.ts";
import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type ComplianceItem, type ComplianceOutput, complianceOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { View } from "../values/displayable.ts";
import { badge, escapeHtml, frame, ink, safeLink } from "./html.ts";

const classColours: Record<LicenceClass, string> = {
  public_domain: "#2f9e6e",
  creative_commons: "#3b82c4",
  fair_use_research: "#b8922a",
  copyrighted: "#d1495b",
  unknown: "#8a8f98",
};

/** How many items each list of the fallback shows; the rich output holds all. */
const fallbackItems = 30;

/** What a mode admits and excludes, with reasons and evidence. */
export function complianceView(output: ComplianceOutput): View {
  return new View(complianceBundle(output));
}

/** The MIME bundle of {@link complianceView}. */
export function complianceBundle(output: ComplianceOutput): MimeBundle {
  const rich = checkOptions("display.compliance", complianceOutput, output);
  return {
    [assayMime("compliance")]: rich,
    "text/html": frame(complianceHtml(rich), rich.title),
    "text/plain": complianceText(rich),
  };
}

interface ClassCount {
  readonly licenceClass: LicenceClass;
  readonly items: number;
  readonly admitted: number;
  readonly bytes: number;
}

function countClasses(items: readonly ComplianceItem[]): ClassCount[] {
  return licenceClasses.flatMap((licenceClass) => {
    const here = items.filter((item) => item.licenceClass === licenceClass);
    if (here.length === 0) return [];
    const bytes = here.reduce((sum, item) => sum + item.bytes, 0);
    return [{ licenceClass, items: here.length, admitted: here.filter(({ admitted }) => admitted).length, bytes }];
  });
}

interface Exclusion {
  readonly rule: string;
  readonly reason: string;
  readonly items: readonly ComplianceItem[];
}

/** Excluded items by rule and reason, the commonest first. */
function countExclusions(items: readonly ComplianceItem[]): Exclusion[] {
  const groups = Map.groupBy(
    items.filter(({ admitted }) => !admitted),
    ({ rule, reason }) => JSON.stringify([rule, reason]),
  );
  return [...groups.values()]
    .map((group) => ({ rule: group[0]!.rule, reason: group[0]!.reason, items: group }))
    .sort((a, b) => b.items.length - a.items.length);
}

function complianceHtml(output: ComplianceOutput): string {
  const { items } = output;
  const admitted = items.filter((item) => item.admitted).length;
  const alarm = output.violation
    ? `<div role="alert" style="border:2px solid ${ink.bad};border-radius:6px;padding:.6em .9em;margin:0 0 .8em;font-weight:600;color:${ink.bad}">⚠ ${escapeHtml(output.violation)}</div>`
    : "";
  const head = `<div style="margin-bottom:.6em">${badge(modeNames[output.mode], output.mode === "full_dataset" ? ink.warn : ink.good)} <strong>${admitted}</strong> of ${items.length} items admitted <span style="color:${ink.muted}">· ${escapeHtml(output.policyVersion)}</span></div>`;
  return alarm + head + classesHtml(items) + exclusionsHtml(items) + attributionsHtml(items);
}

function classesHtml(items: readonly ComplianceItem[]): string {
  const counts = countClasses(items);
  const bar = counts.map(
    ({ licenceClass, items: count }) =>
      `<div title="${licenceClassNames[licenceClass]}: ${count}" style="width:${((100 * count) / items.length).toFixed(2)}%;background:${classColours[licenceClass]}"></div>`,
  );
  const rows = counts.map(({ licenceClass, items: count, admitted, bytes }) =>
    tableRow(
      [
        `<span style="display:inline-block;width:.7em;height:.7em;border-radius:2px;background:${classColours[licenceClass]};margin-right:.5em"></span>${licenceClassNames[licenceClass]}`,
        number(count),
        number(admitted),
        size(bytes),
      ],
      numeric,
    ),
  );
  return `<div style="display:flex;height:8px;border-radius:4px;overflow:hidden;max-width:42em;margin-bottom:.5em">${bar.join("")}</div>${tableOf(["licence class", "items", "admitted", "size"], rows, numeric)}`;
}

function exclusionsHtml(items: readonly ComplianceItem[]): string {
  const exclusions = countExclusions(items);
  if (exclusions.length === 0) return "";
  const rows = exclusions.slice(0, fallbackItems).map(({ rule, reason, items: group }) => {
    const names = group.slice(0, 5).map(({ id }) => escapeHtml(id));
    const rest = group.length > names.length ? ` and ${group.length - names.length} more` : "";
    return tableRow([
      number(group.length),
      `<code style="background:none;padding:0">${escapeHtml(rule)}</code>`,
      escapeHtml(reason),
      `<span style="color:${ink.muted};overflow-wrap:anywhere">${names.join(", ")}${rest}</span>`,
    ]);
  });
  const more =
    exclusions.length > rows.length
      ? `<div style="color:${ink.muted}">… and ${exclusions.length - rows.length} more reasons</div>`
      : "";
  return `<div style="font-weight:600;margin:.9em 0 .2em">Excluded, and why</div>${tableOf(["items", "rule", "reason", "which"], rows)}${more}`;
}

function attributionsHtml(items: readonly ComplianceItem[]): string {
  const admitted = items.filter((item) => item.admitted);
  if (admitted.length === 0) return "";
  const rows = admitted
    .slice(0, fallbackItems)
    .map((item) => `<li style="overflow-wrap:anywhere">${attribution(item)}</li>`);
  const more =
    admitted.length > rows.length
      ? `<div style="color:${ink.muted}">… and ${admitted.length - rows.length} more</div>`
      : "";
  return `<details style="margin-top:.8em"><summary style="cursor:pointer">Attributions (title, author, source, licence)</summary><ul style="margin:.4em 0;padding-left:1.4em;font-size:.9em">${rows.join("")}</ul>${more}</details>`;
}

/** Title, author, source, licence; what is missing is said. */
function attribution(item: ComplianceItem): string {
  const title = safeLink(item.source, item.title ?? item.id);
  const author = item.author
    ? ` by ${escapeHtml(item.author)}`
    : `, <span style="color:${ink.muted}">author not named</span>`;
  const licence = item.licence
    ? ` — ${safeLink(item.licenceUrl, item.licence)}`
    : ` — <span style="color:${ink.muted}">no licence named</span>`;
  return `${title}${author}${licence}`;
}

const numeric = [1, 2, 3];

function tableRow(cells: readonly string[], right: readonly number[] = [0]): string {
  const tds = cells.map(
    (cell, i) =>
      `<td style="padding:.25em .8em .25em 0;vertical-align:top;border:0;border-bottom:1px solid ${ink.faint};background:none;text-align:${right.includes(i) ? "right;font-variant-numeric:tabular-nums" : "left"};white-space:normal">${cell}</td>`,
  );
  return `<tr style="background:none">${tds.join("")}</tr>`;
}

function tableOf(names: readonly string[], rows: readonly string[], right: readonly number[] = [0]): string {
  const head = names.map(
    (name, i) =>
      `<th scope="col" style="padding:.25em .8em .25em 0;border:0;border-bottom:1px solid ${ink.line};background:none;font-weight:600;text-align:${right.includes(i) ? "right" : "left"}">${name}</th>`,
  );
  return `<div style="overflow-x:auto"><table style="border-collapse:collapse;border:0;font-size:.92em"><thead><tr style="background:none">${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function complianceText(output: ComplianceOutput): string {
  const admitted = output.items.filter((item) => item.admitted).length;
  return [
    ...(output.title ? [output.title] : []),
    ...(output.violation ? [`WARNING: ${output.violation}`] : []),
    `${modeNames[output.mode]}: ${admitted} of ${output.items.length} items admitted (${output.policyVersion})`,
    ...countClasses(output.items).map(
      ({ licenceClass, items, admitted: kept, bytes }) =>
        `  ${licenceClassNames[licenceClass]}: ${items} items, ${kept} admitted, ${size(bytes)}`,
    ),
    ...countExclusions(output.items).map(
      ({ rule, reason, items }) => `  excluded ${items.length} (${rule}): ${reason}`,
    ),
  ].join("\n");
}
