import type { ComplianceMode } from "../../kernel/protocol/compliance.ts";
import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip, modeNames, partNotice } from "../mount.ts";
import type { Overview } from "./gallery.ts";
import { GridCells } from "./grid-cells.ts";
import { type GridColumn, type GridModel, gridModel } from "./grid-model.ts";
import { rowSorting } from "./row-sorting.ts";
import { type Thumbs, thumb } from "./thumb.ts";

/**
 * Rows × columns with headers that stay in view, columns under groups where there are any; several images may share a place. Images without a
 * place come below, with the reason.
 */
export function grid(data: ImagesOutput, thumbs: Thumbs, signal: AbortSignal): Overview {
  const model = gridModel(data);
  const picture = (index: number, position: string, end: AbortSignal, reason?: string) =>
    h(
      "div",
      { class: "place" },
      thumb(data.items[index]!, index, position, thumbs, end),
      chips(placeFacts(data.items[index]!)),
      reason && h("div", { class: "sub" }, reason),
    );
  const labels = model.rows.map((name) =>
    h("th", { scope: "row" }, h("div", { class: "row-label", title: name }, name), chips(model.summary({ row: name }))),
  );
  const scroll = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": data.title ?? "Image grid" });
  const { head, columns } = header(data, model);
  const cells = new GridCells(model, { labels, heads: columns, scroll }, picture, signal);
  scroll.append(h("table", { class: "matrix" }, head, cells.element));
  const reorder = (order: readonly number[]) => {
    cells.reorder(order);
    thumbs.opener.reorder([
      ...order.flatMap((row) => model.columns.flatMap((_, column) => model.at(row, column))),
      ...model.unplaced.map(({ index }) => index),
    ]);
  };
  const tallest = placeHeight(data, model, scroll);
  const resize = (across: number) => cells.resize(across, tallest(across));
  reorder(model.rows.map((_, row) => row));
  const element = h(
    "div",
    {},
    model.faults.length > 0 && partNotice(model.faults, ["does not fit the rest", "do not fit the rest"]),
    rowSorting(data, model, reorder),
    scroll,
    model.unplaced.length > 0 &&
      h(
        "div",
        { class: "unplaced" },
        h("div", { class: "sub" }, "Without a place in the grid"),
        h(
          "div",
          { class: "places" },
          model.unplaced.map(({ index, reason }) => picture(index, String(index + 1), signal, reason)),
        ),
      ),
  );
  return {
    element,
    resize,
    focus(index) {
      if (!cells.focus(index)) element.querySelector<HTMLElement>(`.unplaced [data-index="${index}"]`)?.focus();
    },
  };
}

/** The height that a place needs at a width: of its picture, and of the most chips that stand under one. */
function placeHeight(data: ImagesOutput, model: GridModel, into: HTMLElement): (width: number) => number {
  const placed = model.rows.flatMap((_, row) => model.columns.flatMap((_, column) => model.at(row, column)));
  const items = placed.map((index) => data.items[index]!);
  const tallest = items.reduce((most, { width, height }) => Math.max(most, height / width), 0);
  const length = (item: ImageItem) =>
    placeFacts(item).reduce((sum, [name, text]) => sum + name.length + text.length + 4, 0);
  const heavy = items.toSorted((a, b) => length(b) - length(a)).slice(0, 12);
  return (width) => {
    const probes = heavy.map((item) => h("div", { class: "place probe" }, chips(placeFacts(item))));
    for (const probe of probes) probe.style.width = `${width}px`;
    into.append(...probes);
    const below = Math.max(0, ...probes.map((probe) => probe.offsetHeight + 5));
    for (const probe of probes) probe.remove();
    return Math.ceil(width * Math.min(1.6, tallest)) + below;
  };
}

/** One row of column headers, under one of groups where there are any. The groups' names stay in view while their columns are. */
function header(data: ImagesOutput, model: GridModel): { head: HTMLElement; columns: HTMLElement[] } {
  const grouped = model.groups.length > 0;
  const itemsOf = (column: number) =>
    model.rows.flatMap((_, row) => model.at(row, column)).map((index) => data.items[index]!);
  const modes = model.columns.map((_, at) => shared(itemsOf(at).map((item) => item.mode)));
  // A mode stands for a name only where that is so in every column: beside other names it would look like none.
  const byMode = model.columns.every(({ name }, at) => saysMode(name, modes[at]));
  // What holds for all columns is said once, in the corner.
  const common = model.columns.length > 1 && !byMode ? shared(modes) : undefined;
  const corner = h("td", { class: "corner", rowspan: grouped ? 2 : undefined }, common && modeChip(common));
  const columns = model.columns.map((column, at) =>
    h(
      "th",
      { scope: "col", class: startsGroup(model, at) && "group-start" },
      columnHeader(
        column,
        byMode,
        common ? undefined : modes[at],
        itemsOf(at),
        model.summary({ column: column.name, group: column.group }),
      ),
    ),
  );
  if (!grouped) return { head: h("thead", {}, h("tr", {}, corner, columns)), columns };
  const groups = model.groups.map(({ name, span }, at) =>
    h(
      "th",
      { scope: "colgroup", colspan: span, class: at > 0 && "group-start" },
      h(
        "div",
        { class: "group-header" },
        h("span", { class: "column-name" }, name),
        chips(model.summary({ group: name })),
      ),
    ),
  );
  return { head: h("thead", {}, h("tr", { class: "groups" }, corner, groups), h("tr", {}, columns)), columns };
}

function startsGroup(model: GridModel, column: number): boolean {
  return column > 0 && model.columns[column]!.group !== model.columns[column - 1]!.group;
}

function saysMode(name: string, mode: ComplianceMode | undefined): boolean {
  return mode !== undefined && (name === mode || name === modeNames[mode]);
}

/** The column's name; when all of its images share a mode or a licence class that the name does not already say, their chips. */
function columnHeader(
  { name }: GridColumn,
  byMode: boolean,
  mode: ComplianceMode | undefined,
  items: readonly ImageItem[],
  summary: readonly [string, string][],
): HTMLElement {
  const licence = shared(items.map((item) => item.licenceClass));
  return h(
    "div",
    { class: "column-header" },
    !byMode && h("span", { class: "column-name" }, name),
    mode && modeChip(mode),
    licence && licenceChip(licence),
    summary.map(([fact, value]) => factChip(fact, value)),
  );
}

function chips(facts: readonly [string, string][]): HTMLElement | undefined {
  if (facts.length === 0) return undefined;
  return h(
    "div",
    { class: "chips" },
    facts.map(([name, value]) => factChip(name, value)),
  );
}

function placeFacts(item: ImageItem): [string, string][] {
  const facts = Object.entries(item.badges ?? {});
  return item.seed === undefined ? facts : [["seed", String(item.seed)], ...facts];
}

function shared<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}
