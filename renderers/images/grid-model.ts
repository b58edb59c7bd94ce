import type { ImagesOutput } from "../../kernel/protocol/outputs.ts";

/** A column, under a group where columns are grouped. */
export interface GridColumn {
  readonly name: string;
  readonly group?: string;
}

/** An image that has no place in the grid, and why. */
export interface Unplaced {
  readonly index: number;
  readonly reason: string;
}

/** Where the images of a grid stand. Images are named by their index among the items. */
export interface GridModel {
  readonly rows: readonly string[];
  readonly columns: readonly GridColumn[];
  /** Groups in order with the number of columns under each; empty where columns are not grouped. */
  readonly groups: readonly { readonly name: string; readonly span: number }[];
  readonly unplaced: readonly Unplaced[];
  /** What of the data contradicts itself, one line each. */
  readonly faults: readonly string[];
  at(row: number, column: number): readonly number[];
  /** Short facts about what exactly these labels name. */
  summary(of: {
    readonly row?: string;
    readonly column?: string;
    readonly group?: string;
  }): readonly [string, string][];
}

/** Cells that a grid draws at most: a page of more does not answer. */
const mostCells = 20_000;
const mostColumns = 400;

/** Finds the place of every image. Under a group stand only the columns that have an image there. */
export function gridModel(data: ImagesOutput): GridModel {
  const faults: string[] = [];
  const grouped = data.groups !== undefined || data.items.some((item) => item.group !== undefined);
  const given = {
    row: once(data.rows ?? labels(data, "row"), "row", faults),
    column: once(data.columns ?? labels(data, "column"), "column", faults),
    group: grouped ? once(data.groups ?? labels(data, "group"), "group", faults) : [],
  };
  const known = {
    row: new Set(given.row),
    column: new Set(given.column),
    group: new Set(given.group),
  };
  const unplaced: Unplaced[] = [];
  const placed: number[] = [];
  data.items.forEach((item, index) => {
    const reasons = (grouped ? (["row", "group", "column"] as const) : (["row", "column"] as const)).flatMap((which) =>
      known[which].has(item[which] ?? "") ? [] : [reasonFor(which, item[which])],
    );
    if (reasons.length > 0) unplaced.push({ index, reason: reasons.join(", ") });
    else placed.push(index);
  });

  const filledRows = new Set(placed.map((index) => data.items[index]!.row ?? ""));
  const filledColumns = new Set(placed.map((index) => columnKey(data.items[index]!)));
  let rows = given.row;
  let columns: GridColumn[] = grouped
    ? given.group.flatMap((group) =>
        given.column
          .filter((name) => filledColumns.has(columnKey({ group, column: name })))
          .map((name) => ({ name, group })),
      )
    : given.column.map((name) => ({ name }));
  if (columns.length > mostColumns || rows.length * columns.length > mostCells) {
    columns = cut(
      columns,
      (column) => filledColumns.has(columnKey({ ...column, column: column.name })),
      mostColumns,
      "columns",
      faults,
    );
    rows = cut(
      rows,
      (row) => filledRows.has(row),
      Math.max(1, Math.floor(mostCells / Math.max(1, columns.length))),
      "rows",
      faults,
    );
  }

  const rowAt = new Map(rows.map((name, at) => [name, at]));
  const columnAt = new Map(columns.map((column, at) => [columnKey({ ...column, column: column.name }), at]));
  const places = new Map<string, number[]>();
  for (const index of placed) {
    const item = data.items[index]!;
    const [row, column] = [rowAt.get(item.row ?? ""), columnAt.get(columnKey(item))];
    if (row === undefined || column === undefined) {
      unplaced.push({ index, reason: `its ${row === undefined ? "row" : "column"} is beyond what a grid shows` });
      continue;
    }
    const key = `${row}/${column}`;
    const here = places.get(key);
    if (here) here.push(index);
    else places.set(key, [index]);
  }

  const summaries = new Map<string, [string, string][]>();
  for (const { badges, ...of } of data.summaries ?? []) {
    const wrong = (["row", "column", "group"] as const).find(
      (which) => of[which] !== undefined && !known[which].has(of[which]),
    );
    if (wrong) faults.push(`a summary is of the ${wrong} “${clip(of[wrong]!)}”, which the grid does not have`);
    const key = summaryKey(of);
    summaries.set(key, [...(summaries.get(key) ?? []), ...Object.entries(badges)]);
  }
  return {
    rows,
    columns,
    groups: spans(columns),
    unplaced,
    faults,
    at: (row, column) => places.get(`${row}/${column}`) ?? [],
    summary: (of) => summaries.get(summaryKey(of)) ?? [],
  };
}

/** Rows in the order of a value each; rows without one come last, equal ones stay as they were. */
export function rowOrder(
  rows: number,
  value: (row: number) => number | string | undefined,
  compare: (a: number | string, b: number | string) => number,
): number[] {
  const values = Array.from({ length: rows }, (_, row) => value(row));
  return values
    .map((_, row) => row)
    .sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined) || a - b;
      return compare(x, y) || a - b;
    });
}

/** How a column is called where its group matters too. */
export function columnTitle(column: {
  readonly name?: string;
  readonly column?: string;
  readonly group?: string;
}): string {
  const name = column.name ?? column.column ?? "";
  return column.group === undefined ? name : `${column.group} · ${name}`;
}

function spans(columns: readonly GridColumn[]): { name: string; span: number }[] {
  const groups: { name: string; span: number }[] = [];
  for (const { group } of columns) {
    if (group === undefined) continue;
    const last = groups.at(-1);
    if (last?.name === group) last.span++;
    else groups.push({ name: group, span: 1 });
  }
  return groups;
}

function once(names: readonly string[], which: string, faults: string[]): string[] {
  const distinct = [...new Set(names)];
  const more = names.length - distinct.length;
  if (more > 0) faults.push(`${more} ${which} ${more === 1 ? "label is" : "labels are"} there more than once`);
  return distinct;
}

/** The first of those that hold an image, where there are too many to draw. */
function cut<T>(all: readonly T[], filled: (one: T) => boolean, most: number, what: string, faults: string[]): T[] {
  if (all.length <= most) return [...all];
  const shown = all.filter(filled).slice(0, most);
  faults.push(
    `${all.length - shown.length} of ${all.length} ${what} are not drawn: a grid shows ${mostCells} places at most`,
  );
  return shown;
}

function reasonFor(which: "row" | "column" | "group", name: string | undefined): string {
  return name === undefined ? `it names no ${which}` : `there is no ${which} “${clip(name)}”`;
}

function labels(data: ImagesOutput, which: "row" | "column" | "group"): string[] {
  return [...new Set(data.items.flatMap((item) => item[which] ?? []))];
}

function columnKey({
  group,
  column,
}: {
  readonly group?: string | undefined;
  readonly column?: string | undefined;
}): string {
  return JSON.stringify([group, column ?? ""]);
}

function summaryKey(of: {
  readonly row?: string | undefined;
  readonly column?: string | undefined;
  readonly group?: string | undefined;
}): string {
  return JSON.stringify([of.row ?? null, of.group ?? null, of.column ?? null]);
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
