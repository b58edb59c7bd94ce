import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type TableOutput, tableOutput } from "../../protocol/outputs.ts";
import { View } from "../values/displayable.ts";
import { escapeHtml, frame, ink } from "./html.ts";

export interface TableOptions {
  readonly title?: string;
  /** Which columns, in order. Default: every key of the rows, in order of appearance. */
  readonly columns?: readonly string[];
  /** Units by column name, shown beside the name. */
  readonly units?: Readonly<Record<string, string>>;
  /** How many rows the whole table has, when only the first are given. */
  readonly total?: number;
}

type Cell = string | number | boolean | null;
type Column = TableOutput["columns"][number];

/** The fallbacks show no more rows than this; the rich output holds {@link richRows}. */
const fallbackRows = 100;
const richRows = 10_000;
/** Longer cells are cut in the fallbacks. */
const fallbackText = 300;

/** Rows of named values as a table. Objects are shown by their own `toString`, else as JSON. */
export function table(rows: readonly Readonly<Record<string, unknown>>[], options: TableOptions = {}): View {
  return new View(tableBundle(rows, options));
}

/** The MIME bundle of {@link table}. */
export function tableBundle(
  rows: readonly Readonly<Record<string, unknown>>[],
  options: TableOptions = {},
): MimeBundle {
  const names = options.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const kept = rows.slice(0, richRows);
  const columns = names.map((name): Column => {
    const unit = options.units?.[name];
    return { name, kind: kindOf(kept.map((row) => member(row, name))), ...(unit === undefined ? {} : { unit }) };
  });
  const cells = kept.map((row) => columns.map(({ name }) => cellOf(member(row, name))));
  const total = options.total ?? rows.length;
  const rich = tableOutput.parse({
    ...(options.title === undefined ? {} : { title: options.title }),
    columns,
    rows: cells,
    total,
  });
  return {
    [assayMime("table")]: rich,
    "text/html": frame(tableHtml(columns, cells, total), options.title),
    "text/plain": tableText(columns, cells, total, options.title),
  };
}

function member(row: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function kindOf(values: readonly unknown[]): Column["kind"] {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0) return "text";
  if (present.every((value) => typeof value === "number" || typeof value === "bigint")) return "number";
  if (present.every((value) => typeof value === "boolean")) return "boolean";
  if (present.every((value) => value instanceof Date)) return "date";
  return present.every((value) => typeof value === "object" && !hasOwnText(value as object)) ? "json" : "text";
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (typeof value !== "object" || hasOwnText(value)) return String(value);
  try {
    return JSON.stringify(value) ?? null;
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
