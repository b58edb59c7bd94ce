import type { Range } from "./geometry.ts";
import { asNumber, type Column, fullText, type Source, type Value } from "./model.ts";
import { type Pace, stride } from "./pace.ts";

/** Formats that a table is saved in. */
export const exportFormats = {
  csv: { name: "CSV", hint: "text, for spreadsheets", ending: "csv" },
  parquet: { name: "Parquet", hint: "typed and compressed", ending: "parquet" },
  arrow: { name: "Arrow", hint: "typed, IPC file", ending: "arrow" },
} as const;
export type ExportFormat = keyof typeof exportFormats;

/** Rows of a table as a file of the given format, with full values. */
export async function exportTable(
  format: ExportFormat,
  source: Source,
  order: Uint32Array,
  pace: Pace,
): Promise<Uint8Array> {
  if (format === "csv") return new TextEncoder().encode(await toCsv(source, order, pace));
  const { writeArrow, writeParquet } = await import("./columnar-files.ts");
  return format === "parquet" ? writeParquet(source, order, pace) : writeArrow(source, order, pace);
}

/**
 * Rows as comma-separated text (RFC 4180) with a header. A text that a spreadsheet would run as a formula is kept from it by an apostrophe before it.
 */
export async function toCsv(source: Source, order: Uint32Array, pace: Pace): Promise<string> {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const field = (value: Value, kind: Column["kind"]) => {
    const text = fullText(value, kind);
    const runs = typeof value === "string" && /^[=+\-@\t\r]/.test(text) && Number.isNaN(asNumber(value));
    return quoted(runs ? `'${text}` : text);
  };
  const header = source.columns.map(({ name }) => field(name, "text"));
  return written(source, order, header, field, ",", "\r\n", pace);
}

/** Rows and columns as tab-separated text with a header, with full values. Tabs and line breaks inside of a value become blanks. */
export async function toTsv(source: Source, order: Uint32Array, columns: Range, pace: Pace): Promise<string> {
  const field = (value: Value, kind: Column["kind"]) => fullText(value, kind).replace(/[\t\r\n]+/g, " ");
  const header = source.columns.slice(columns.first, columns.last).map(({ name }) => field(name, "text"));
  return written(source, order, header, field, "\t", "\n", pace, columns);
}

async function written(
  source: Source,
  order: Uint32Array,
  header: readonly string[],
  field: (value: Value, kind: Column["kind"]) => string,
  separator: string,
  end: string,
  pace: Pace,
  { first, last }: Range = { first: 0, last: source.columns.length },
): Promise<string> {
  const lines = [header.join(separator)];
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!;
    const fields: string[] = [];
    for (let column = first; column < last; column++)
      fields.push(field(source.value(row, column), source.columns[column]!.kind));
    lines.push(fields.join(separator));
    if (place % (stride / 2) === 0 && pace.due) await pace.rest();
  }
  return `${lines.join(end)}${end}`;
}
