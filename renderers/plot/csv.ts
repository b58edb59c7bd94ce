import { isNamed, placesOf, type Trace, traceName, valuesOf } from "./trace.ts";

/**
 * All points of a chart as comma-separated text (RFC 4180): one column for each series where they share their x, else the columns series, x and y.
 * A text that a spreadsheet would run as a formula is kept from it by an apostrophe before it.
 */
export function chartCsv(data: readonly Trace[], xName: string): string {
  const series = data.flatMap((trace, index) =>
    isNamed(trace) ? [{ name: traceName(trace, index), x: placesOf(trace), y: valuesOf(trace) }] : [],
  );
  const first = series[0];
  const shared = first !== undefined && series.every(({ x }) => same(x, first.x));
  const rows = shared
    ? [[xName, ...series.map(({ name }) => name)], ...first.x.map((x, i) => [x, ...series.map(({ y }) => y[i])])]
    : [["series", xName, "y"], ...series.flatMap(({ name, x, y }) => y.map((value, i) => [name, x[i], value]))];
  return `${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function field(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const guarded = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
