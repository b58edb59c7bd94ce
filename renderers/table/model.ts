import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { numberFormat } from "../mount.ts";

/** One value of a table. */
export type Value = string | number | boolean | null;

/** A column as it is drawn. */
export interface Column {
  readonly name: string;
  readonly unit?: string;
  readonly kind: TableOutput["columns"][number]["kind"];
  /** Numbers stand at the right, so that their digits can be compared. */
  readonly right: boolean;
  readonly text: (value: Value) => string;
}

/** Where the values of a table come from: rows in the output, or columns of an Arrow file. */
export interface Source {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly value: (row: number, column: number) => Value;
}

/** A column's order; the third click on a header brings the original order back. */
export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

/** The rows of an output as a source. Short rows count as empty at their end. */
export function rowsSource(data: TableOutput): Source {
  const rows = data.rows ?? [];
  return {
    rowCount: rows.length,
    columns: data.columns.map((column, index) => {
      const sample = rows.slice(0, 2000).map((row) => row[index] ?? null);
      return makeColumn(column, sample);
    }),
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}

/** Chooses a format for a column from a sample of its values. */
export function makeColumn(column: TableOutput["columns"][number], sample: readonly Value[]): Column {
  const numbers = sample.filter((value) => typeof value === "number");
  const isNumber = column.kind === "number";
  const format = numberFormat(numbers);
  return {
    ...column,
    right: isNumber,
    text: (value) => {
      if (value === null) return "";
      if (typeof value === "number") return isNumber ? format(value) : String(value);
      if (typeof value === "boolean") return value ? "true" : "false";
      return column.kind === "date" ? value.replace("T", " ").replace(/\.\d+Z$|Z$/, "") : value;
    },
  };
}

/** The order in which rows are shown: filtered by a text in any column, then sorted; empty values come last either way. */
export function arrange(source: Source, filter: string, sorting: Sorting | undefined): Uint32Array {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = new Uint32Array(source.rowCount);
  let count = 0;
  for (let row = 0; row < source.rowCount; row++)
    if (words.length === 0 || matches(source, row, words)) kept[count++] = row;
  const order = kept.subarray(0, count);
  if (!sorting) return order;
  const values = new Map<number, Value>();
  for (const row of order) values.set(row, source.value(row, sorting.column));
  const sign = sorting.descending ? -1 : 1;
  const collator = new Intl.Collator("en", { numeric: true });
  return order.sort((a, b) => {
    const x = values.get(a) ?? null;
    const y = values.get(b) ?? null;
    if (isEmpty(x) || isEmpty(y)) return Number(isEmpty(x)) - Number(isEmpty(y)) || a - b;
    const difference = typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
    return sign * difference || a - b;
  });
}

function isEmpty(value: Value): boolean {
  return value === null || (typeof value === "number" && Number.isNaN(value));
}

function matches(source: Source, row: number, words: readonly string[]): boolean {
  let text = "";
  for (let column = 0; column < source.columns.length; column++) {
    const value = source.value(row, column);
    text += `\u0001${value === null ? "" : source.columns[column]!.text(value)}`;
  }
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** Rows as tab-separated text with a header, with full values. Tabs and line breaks inside of a value become blanks. */
export function toTsv(source: Source, order: Iterable<number>): string {
  const clean = (value: Value) => (value === null ? "" : String(value).replace(/[\t\r\n]+/g, " "));
  const lines = [source.columns.map((column) => clean(column.name)).join("\t")];
  for (const row of order) lines.push(source.columns.map((_, column) => clean(source.value(row, column))).join("\t"));
  return `${lines.join("\n")}\n`;
}
