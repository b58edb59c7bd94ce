import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { numberFormat } from "../mount.ts";

/** One value of a table. Dates are numbers (milliseconds since 1970, UTC); decimals beyond a double's digits are text. */
export type Value = string | number | boolean | bigint | null;

/** A column as it is drawn. */
export interface Column {
  readonly name: string;
  readonly unit?: string;
  readonly kind: TableOutput["columns"][number]["kind"];
  /** Its numbers are whole ones, by their type. */
  readonly whole: boolean;
  /** Numbers stand at the right, so that their digits can be compared. */
  readonly right: boolean;
  /** The value as it is shown: rounded, with separators. */
  readonly text: (value: Value) => string;
}

/** Where the values of a table come from: rows in the output, or columns of an Arrow file. */
export interface Source {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly value: (row: number, column: number) => Value;
  /** All values of a column of plain numbers without gaps at once, where that is cheap. */
  readonly numbers?: (column: number) => Float64Array | undefined;
}

/** A column's order; the third click on a header brings the original order back. */
export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

/** The rows of an output as a source. Short rows count as empty at their end. */
export function rowsSource(data: TableOutput): Source {
  const rows = data.rows ?? [];
  const dates = data.columns.map((column) => column.kind === "date");
  const value = (row: number, column: number): Value => {
    const given = rows[row]?.[column] ?? null;
    if (!dates[column] || typeof given !== "string") return given;
    const time = Date.parse(given);
    return Number.isNaN(time) ? given : time;
  };
  const sampled = Math.min(rows.length, 2000);
  return {
    rowCount: rows.length,
    columns: data.columns.map((column, index) =>
      makeColumn(
        column,
        Array.from({ length: sampled }, (_, row) => value(row, index)),
        rows.every((row) => typeof row[index] !== "number" || Number.isSafeInteger(row[index])),
      ),
    ),
    value,
  };
}

/** Chooses a format for a column from a sample of its values. */
export function makeColumn(column: TableOutput["columns"][number], sample: readonly Value[], whole: boolean): Column {
  const isNumber = column.kind === "number";
  const format = numberFormat(sample.filter((value) => typeof value === "number"));
  const wholeDays =
    column.kind === "date" && sample.every((value) => typeof value !== "number" || value % 86_400_000 === 0);
  return {
    ...column,
    whole,
    right: isNumber,
    text: (value) => {
      if (value === null) return "";
      if (typeof value === "bigint") return value.toLocaleString("en-US");
      if (typeof value === "number") {
        if (column.kind === "date") return dateText(value, wholeDays);
        return isNumber ? format(value) : String(value);
      }
      return String(value);
    },
  };
}

/** The value as files and the clipboard get it: in full, dates as ISO 8601, nothing for an empty one. */
export function fullText(value: Value, kind: Column["kind"]): string {
  if (value === null) return "";
  if (kind === "date" && typeof value === "number") return isoDate(value);
  return String(value);
}

/** The value as a number that sorts and falls into ranges; NaN for what is empty or no number. Booleans count as 0 and 1. */
export function asNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return value === null || value.trim() === "" ? Number.NaN : Number(value);
}

/** Whether the values of a column are compared as numbers. */
export function isNumeric(column: Column): boolean {
  return column.kind === "number" || column.kind === "date";
}

function dateText(time: number, wholeDays: boolean): string {
  const text = isoDate(time);
  if (wholeDays) return text.slice(0, -14);
  return text.replace("T", " ").replace(/\.000Z$|Z$/, "");
}

function isoDate(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
