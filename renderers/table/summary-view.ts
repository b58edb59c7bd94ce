import { formatCount, formatShare, h, numberFormat, s } from "../mount.ts";
import type { Column } from "./model.ts";
import type { ColumnSummary } from "./summary.ts";

/** A summary as it stands below a column's name: the distribution, its ends, gaps. */
export function summaryBrief(column: Column, summary: ColumnSummary): HTMLElement {
  const gaps = summary.empty > 0 && h("span", { class: "gaps" }, `${formatShare(summary.empty, summary.rows)} empty`);
  if (summary.numbers) {
    const { least, most, counts } = summary.numbers;
    const [low, high] = [endText(column, least, most), endText(column, most, least)];
    return h(
      "div",
      { class: "summary", title: describe(column, summary) },
      histogram(counts, 26, `Distribution from ${low} to ${high}`),
      h("span", { class: "ends" }, h("span", {}, low), gaps, low !== high && h("span", {}, high)),
    );
  }
  return h(
    "div",
    { class: "summary", title: describe(column, summary) },
    shares(summary),
    h("span", { class: "ends" }, h("span", {}, differentText(summary)), gaps),
  );
}

/** A summary in full, for the column's panel. */
export function summaryFull(column: Column, summary: ColumnSummary): HTMLElement {
  const rows: [string, string][] = [
    ["Rows", formatCount(summary.rows)],
    [
      "Empty",
      summary.empty === 0 ? "none" : `${formatCount(summary.empty)} (${formatShare(summary.empty, summary.rows)})`,
    ],
    ["Different", formatCount(summary.unique)],
  ];
  const { numbers } = summary;
  if (numbers) {
    rows.push(
      ["Least", column.text(numbers.least)],
      ["Mean", meanText(column, summary)],
      ["Most", column.text(numbers.most)],
    );
  }
  const most = summary.frequent?.[0]?.[1] ?? 1;
  return h(
    "div",
    { class: "summary-full" },
    numbers && histogram(numbers.counts, 64, "Distribution"),
    h(
      "dl",
      {},
      rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    summary.frequent &&
      summary.unique > 0 &&
      (most > 1 || summary.unique <= 8) &&
      h(
        "ul",
        { class: "frequent", "aria-label": "Most frequent values" },
        summary.frequent.map(([text, count]) => {
          const meter = h("span", { class: "meter", "aria-hidden": "true" });
          meter.style.width = `${(100 * count) / most}%`;
          return h(
            "li",
            {},
            h("span", { class: "value", title: text.slice(0, 300) }, text.slice(0, 120) || "(empty text)"),
            h("span", { class: "count" }, formatCount(count)),
            meter,
          );
        }),
      ),
  );
}

function differentText({ unique, rows, empty }: ColumnSummary): string {
  if (rows === empty) return "";
  if (unique === rows - empty && unique > 1) return "all different";
  return unique === 1 ? "one value" : `${formatCount(unique)} different`;
}

/** An end of a range, short enough for a narrow column. */
function endText(column: Column, value: number, other: number): string {
  if (column.kind === "date") return column.text(value).slice(0, 10);
  return numberFormat([value, other])(value);
}

function meanText(column: Column, { numbers }: ColumnSummary): string {
  if (!numbers) return "";
  if (column.kind === "date") return column.text(Math.round(numbers.mean / 1000) * 1000);
  return numberFormat([numbers.mean])(numbers.mean);
}

function describe(column: Column, summary: ColumnSummary): string {
  const { numbers, frequent = [] } = summary;
  const lines = [`${formatCount(summary.unique)} different, ${formatCount(summary.empty)} empty`];
  if (numbers)
    lines.push(`${column.text(numbers.least)} to ${column.text(numbers.most)}, mean ${meanText(column, summary)}`);
  for (const [text, count] of frequent.slice(0, 5)) lines.push(`${text.slice(0, 80)}: ${formatCount(count)}`);
  return lines.join("\n");
}

/** How the rows divide among the most frequent values, as parts of a line. */
function shares({ frequent, rows, unique }: ColumnSummary): HTMLElement {
  const parts = unique <= 40 ? (frequent ?? []) : [];
  return h(
    "div",
    { class: "shares", "aria-hidden": "true" },
    parts.map(([text, count], i) => {
      const part = h("span", { "data-part": i % 3 }, h("span", {}, text.slice(0, 40)));
      part.style.flexGrow = String(count / rows);
      return part;
    }),
  );
}

function histogram(counts: readonly number[], height: number, label: string): SVGElement {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const each = 100 / counts.length;
  return s(
    "svg",
    {
      class: "histogram",
      height,
      viewBox: `0 0 100 ${height}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    },
    counts.map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * height);
      const gap = counts.length > 1 ? Math.min(0.9, each / 4) : 0;
      return s("rect", { x: i * each, y: height - tall, width: each - gap, height: tall });
    }),
  );
}
