import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type TableOutput, tableOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { View } from "../values/displayable.ts";
import { type ArrowTable, arrowColumns, arrowFile, arrowRows, isArrowTable, tableFile } from "./arrow-table.ts";
import { escapeHtml, frame, ink } from "./html.ts";
import { MediaBudget } from "./media-budget.ts";

export interface TableOptions {
  readonly title?: string;
  /** Which columns, in order. Default: every key of the rows, in order of appearance. */
  readonly columns?: readonly string[];
  /** Units by column name, shown beside the name. */
  readonly units?: Readonly<Record<string, string>>;
}

/** What a table is made of: rows of named values, or a table of apache-arrow. */
export type TableRows = readonly Readonly<Record<string, unknown>>[] | ArrowTable;

type Cell = string | number | boolean | null;
export type Column = TableOutput["columns"][number];

/** The fallbacks show no more rows than this. */
const fallbackRows = 100;
/** A table with more rows than this travels as Arrow, by reference when that is large; the output itself holds the first rows only. */
const rowsInOutput = 1000;
/** Longer cells are cut in the fallbacks. */
const fallbackText = 300;

/** Rows of named values, or an Arrow table, as a table. Objects are shown by their own `toString`, else as JSON. */
export function table(rows: TableRows, options: TableOptions = {}): View {
  return new View(tableBundle(rows, options));
}

/** The MIME bundle of {@link table}. */
export function tableBundle(rows: TableRows, options: TableOptions = {}): MimeBundle {
  return isArrowTable(rows) ? bundleOfArrow(rows, options) : bundleOfRows(rows, options);
}

function bundleOfRows(rows: readonly Readonly<Record<string, unknown>>[], options: TableOptions): MimeBundle {
  const names = options.columns ?? namesOf(rows);
  const columns = names.map((name): Column => withUnit({ name, kind: kindOf(rows, name) }, options));
  const cells = (some: typeof rows) => some.map((row) => names.map((name) => cellOf(member(row, name))));
  if (rows.length <= rowsInOutput) return bundle(columns, cells(rows), rows.length, options);
  const values = (column: Column) => rows.map((row) => arrowValue(member(row, column.name), column.kind));
  return bundle(columns, cells(rows.slice(0, fallbackRows)), rows.length, options, tableFile(columns, values));
}

function bundleOfArrow(source: ArrowTable, options: TableOptions): MimeBundle {
  const columns = arrowColumns(source, options.columns).map((column) => withUnit(column, options));
  const cells = arrowRows(source, columns, fallbackRows);
  return bundle(columns, cells, source.numRows, options, arrowFile(source));
}

function bundle(
  columns: readonly Column[],
  cells: readonly Cell[][],
  total: number,
  { title }: TableOptions,
  arrow?: Uint8Array,
): MimeBundle {
  const rich = checkOptions("display.table", tableOutput, {
    ...(title === undefined ? {} : { title }),
    columns,
    rows: cells,
    total,
    ...(arrow && total > 0 ? { arrow: new MediaBudget().place(arrow, "application/vnd.apache.arrow.stream") } : {}),
  });
  return {
    [assayMime("table")]: rich,
    "text/html": frame(tableHtml(columns, cells, total), title),
    "text/plain": tableText(columns, cells, total, title),
  };
}

function withUnit(column: Column, { units }: TableOptions): Column {
  const unit = units && Object.hasOwn(units, column.name) ? units[column.name] : undefined;
  return unit === undefined ? column : { ...column, unit };
}

function namesOf(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function member(row: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/** The kind that all values of a column share; text when they share none. */
function kindOf(rows: readonly Readonly<Record<string, unknown>>[], name: string): Column["kind"] {
  let kind: Column["kind"] | undefined;
  for (const row of rows) {
    const value = member(row, name);
    if (value === null || value === undefined) continue;
    const own = kindOfValue(value);
    if (kind !== undefined && own !== kind) return "text";
    kind = own;
  }
  return kind ?? "text";
}

function kindOfValue(value: unknown): Column["kind"] {
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "boolean") return "boolean";
  if (value instanceof Date) return "date";
  return typeof value === "object" && value !== null && !hasOwnText(value) ? "json" : "text";
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  return typeof value === "object" && !hasOwnText(value) ? jsonText(value) : String(value);
}

/** A value for a file with types: numbers, big integers and dates stay what they are. */
function arrowValue(value: unknown, kind: Column["kind"]): unknown {
  if (value === null || value === undefined) return null;
  if (kind === "number" || kind === "boolean") return value;
  if (kind === "date") return Number.isNaN((value as Date).getTime()) ? null : value;
  return String(cellOf(value));
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "";
  } catch {
    return "[cyclic]";
  }
}

/** Whether an object says itself how it reads as text. */
function hasOwnText(value: object): boolean {
  return !Array.isArray(value) && typeof value.toString === "function" && value.toString !== Object.prototype.toString;
}

/** A number as people read it: whole numbers in full, others with four significant digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3);
  return size >= 1000 ? value.toFixed(1) : String(Number(value.toPrecision(4)));
}

function shown(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return formatNumber(cell);
  const text = String(cell);
  return text.length > fallbackText ? `${text.slice(0, fallbackText)}…` : text;
}

function header({ name, unit }: Column): string {
  return unit ? `${name} (${unit})` : name;
}

function tableHtml(columns: readonly Column[], cells: readonly Cell[][], total: number): string {
  const style = ({ kind }: Column) =>
    `padding:.3em .8em;vertical-align:top;border:0;background:none;text-align:${kind === "number" ? "right;font-variant-numeric:tabular-nums" : "left"}`;
  const head = columns.map(
    (column) =>
      `<th scope="col" style="${style(column)};font-weight:600;border-bottom:1px solid ${ink.line}">${escapeHtml(header(column))}</th>`,
  );
  const body = cells.slice(0, fallbackRows).map((row) => {
    const tds = columns.map(
      (column, i) =>
        `<td style="${style(column)};border-bottom:1px solid ${ink.faint};max-width:28em;white-space:normal;overflow-wrap:anywhere">${escapeHtml(shown(row[i] ?? null))}</td>`,
    );
    return `<tr style="background:none">${tds.join("")}</tr>`;
  });
  const rest = total - Math.min(cells.length, fallbackRows);
  const more = rest > 0 ? `<div style="color:${ink.muted};margin-top:.3em">… and ${rest} more rows</div>` : "";
  return `<div style="overflow-x:auto"><table style="border-collapse:collapse;border:0;font-size:.92em"><thead><tr style="background:none">${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>${more}`;
}

function tableText(
  columns: readonly Column[],
  cells: readonly Cell[][],
  total: number,
  title: string | undefined,
): string {
  const lines = [
    columns.map(header),
    ...cells.slice(0, fallbackRows).map((row) => row.map((cell) => shown(cell).replaceAll("\n", " "))),
  ];
  const widths = columns.map((_, i) => Math.max(0, ...lines.map((line) => line[i]!.length)));
  const format = (line: readonly string[]) =>
    line
      .map((text, i) => (columns[i]!.kind === "number" ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rest = total - Math.min(cells.length, fallbackRows);
  return [
    ...(title ? [title] : []),
    format(lines[0]!),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...lines.slice(1).map(format),
    ...(rest > 0 ? [`… and ${rest} more rows`] : []),
  ].join("\n");
}
