import { formatCount, formatShare, h, numberFormat, s } from "../mount.ts";
import type { Source } from "./model.ts";

/** Bars of a histogram. */
const bars = 20;
/** Rows that are looked at; larger tables are sampled evenly. */
const sampled = 50_000;

/** What a column holds, in brief. */
export interface ColumnSummary {
  readonly empty: number;
  readonly unique: number;
  readonly rows: number;
  /** Of numbers: range, mean, and how many fall into each of the equal parts of the range. */
  readonly numbers?: {
    readonly least: number;
    readonly most: number;
    readonly mean: number;
    readonly counts: readonly number[];
  };
  /** Of other values: the most frequent ones. */
  readonly frequent?: readonly (readonly [text: string, count: number])[];
}

/** Looks at a column, at most {@link sampled} rows of it. */
export function summarize(source: Source, column: number): ColumnSummary {
  const step = Math.max(1, Math.ceil(source.rowCount / sampled));
  const values = new Map<string, number>();
  const numbers: number[] = [];
  let empty = 0;
  let rows = 0;
  for (let row = 0; row < source.rowCount; row += step) {
    const value = source.value(row, column);
    rows++;
    if (value === null) empty++;
    else {
      const text = String(value);
      values.set(text, (values.get(text) ?? 0) + 1);
      if (typeof value === "number" && Number.isFinite(value)) numbers.push(value);
    }
  }
  const base = { empty, unique: values.size, rows };
  if (numbers.length === 0 || source.columns[column]?.kind !== "number") {
    const frequent = [...values].sort((a, b) => b[1] - a[1]).slice(0, 3);
    return { ...base, frequent };
  }
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  const counts = new Array<number>(most > least ? bars : 1).fill(0);
  for (const value of numbers) {
    const at = most > least ? Math.min(bars - 1, Math.floor(((value - least) / (most - least)) * bars)) : 0;
    counts[at] = counts[at]! + 1;
  }
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return { ...base, numbers: { least, most, mean, counts } };
}

/** A summary as it stands below a column's header. */
export function summaryCell(source: Source, column: number): HTMLElement {
  const summary = summarize(source, column);
  const gaps =
    summary.empty > 0 ? h("span", { class: "gaps" }, `${formatShare(summary.empty, summary.rows)} empty`) : undefined;
  if (summary.numbers) {
    const { least, most, mean, counts } = summary.numbers;
    const format = numberFormat([least, most]);
    const label = `from ${format(least)} to ${format(most)}, mean ${numberFormat([mean])(mean)}`;
    return h(
      "div",
      { class: "summary", title: label },
      histogram(counts, label),
      h("span", {}, `${format(least)} – ${format(most)}`),
      gaps,
    );
  }
  const unique =
    summary.unique === summary.rows - summary.empty && summary.unique > 1
      ? "all different"
      : `${formatCount(summary.unique)} different`;
  const title = (summary.frequent ?? [])
    .map(([text, count]) => `${text.slice(0, 80)}: ${formatCount(count)}`)
    .join("\n");
  return h("div", { class: "summary", title }, h("span", {}, unique), gaps);
}

function histogram(counts: readonly number[], label: string): SVGElement {
  const height = 24;
  const width = 80;
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const each = width / counts.length;
  return s(
    "svg",
    {
      class: "histogram",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `Distribution ${label}`,
    },
    counts.map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
      return s("rect", { x: i * each, y: height - tall, width: Math.max(1, each - 1), height: tall });
    }),
  );
}
