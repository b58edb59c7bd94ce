import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip, modeNames, partNotice, type Surroundings } from "../mount.ts";
import { columnTitle, type GridColumn, type GridModel, gridModel, rowOrder } from "./grid-model.ts";
import { badgeNumber, type SortChoice, type SortFact, sortFacts, sortSelect } from "./sorting.ts";
import { thumb } from "./thumb.ts";

/** How the overview talks to the viewer. */
export interface Opener {
  open(index: number, from: Element): void;
  /** Images in the order that is seen. */
  reorder(indices: readonly number[]): void;
}

/**
 * Rows × columns with headers that stay in view, columns under groups where there are any; several images may share a place. Images without a
 * place come below, with the reason.
 */
export function grid(data: ImagesOutput, surroundings: Surroundings, opener: Opener): HTMLElement {
  const model = gridModel(data);
  const picture = (index: number, position: string, reason?: string) => {
    const item = data.items[index]!;
    return h(
      "div",
      { class: "place" },
      thumb(item, index, position, surroundings, opener),
      h("div", { class: "chips" }, placeFacts(item)),
      reason && h("div", { class: "sub" }, reason),
    );
  };
  const rows = model.rows.map((name, row) =>
    h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h("div", { class: "row-label", title: name }, name),
        chips(model.summary({ row: name })),
      ),
      model.columns.map((column, at) =>
        h(
          "td",
          { class: startsGroup(model, at) && "group-start" },
          h(
            "div",
            { class: "places" },
            model.at(row, at).map((index) => picture(index, `${name}, ${columnTitle(column)}`)),
          ),
        ),
      ),
    ),
  );
  const body = h("tbody", {}, rows);
  const reorder = (order: readonly number[]) => {
    body.replaceChildren(...order.map((row) => rows[row]!));
    opener.reorder([
      ...order.flatMap((row) => model.columns.flatMap((_, column) => model.at(row, column))),
      ...model.unplaced.map(({ index }) => index),
    ]);
  };
  reorder(rows.map((_, row) => row));

  return h(
    "div",
    {},
    model.faults.length > 0 && partNotice(model.faults, ["does not fit the rest", "do not fit the rest"]),
    rowSorting(data, model, reorder),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": data.title ?? "Image grid" },
      h("table", { class: "matrix" }, header(data, model), body),
    ),
    model.unplaced.length > 0 &&
      h(
        "div",
        { class: "unplaced" },
        h("div", { class: "sub" }, "Without a place in the grid"),
        h(
          "div",
          { class: "places" },
          model.unplaced.map(({ index, reason }) => picture(index, String(index + 1), reason)),
        ),
      ),
  );
}

/** One row of column headers, under one of groups where there are any. The groups' names stay in view while their columns are. */
function header(data: ImagesOutput, model: GridModel): HTMLElement {
  const grouped = model.groups.length > 0;
  const corner = h("td", { class: "corner", rowspan: grouped ? 2 : undefined });
  const itemsOf = (column: number) =>
    model.rows.flatMap((_, row) => model.at(row, column)).map((index) => data.items[index]!);
  const columns = model.columns.map((column, at) =>
    h(
      "th",
      { scope: "col", class: startsGroup(model, at) && "group-start" },
      columnHeader(column, itemsOf(at), model.summary({ column: column.name, group: column.group })),
    ),
  );
  if (!grouped) return h("thead", {}, h("tr", {}, corner, columns));
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
  return h("thead", {}, h("tr", { class: "groups" }, corner, groups), h("tr", {}, columns));
}

function startsGroup(model: GridModel, column: number): boolean {
  return column > 0 && model.columns[column]!.group !== model.columns[column - 1]!.group;
}

/** What rows are sorted by: their label, or a fact of their images, in one column or over the whole row. */
function rowSorting(
  data: ImagesOutput,
  model: GridModel,
  reorder: (rows: readonly number[]) => void,
): HTMLElement | undefined {
  if (model.rows.length < 2) return undefined;
  const label: SortFact = { name: "label", kind: "text", of: (item) => item.row };
  const summarised = model.rows.flatMap((row) => model.summary({ row }));
  const rowFacts = summaryFacts(data, summarised);
  const facts = [...sortFacts(data.items), ...rowFacts].filter((fact) => fact.kind === "number");
  let choice: SortChoice | undefined;
  const ofRows = new Set(rowFacts);
  let column: number | undefined;
  const value = (row: number) => {
    const fact = choice!.fact;
    if (fact === label) return model.rows[row];
    const own =
      (column === undefined || ofRows.has(fact)) && new Map(model.summary({ row: model.rows[row]! })).get(fact.name);
    if (own) return badgeNumber(own);
    const columns = column === undefined ? model.columns.map((_, at) => at) : [column];
    const numbers = columns
      .flatMap((at) => model.at(row, at))
      .flatMap((index) => fact.of(data.items[index]!) ?? [])
      .map(Number);
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0) / numbers.length;
  };
  const sort = () => {
    within.hidden = !choice || choice.fact === label || ofRows.has(choice.fact) || model.columns.length < 2;
    reorder(choice ? rowOrder(model.rows.length, value, choice.compare) : model.rows.map((_, row) => row));
  };
  const select = h(
    "select",
    {
      "aria-label": "Sort by the images of",
      onchange: () => {
        column = select.value === "" ? undefined : Number(select.value);
        sort();
      },
    },
    h("option", { value: "" }, "the whole row (mean)"),
    model.columns.map((one, at) => h("option", { value: at }, columnTitle(one))),
  );
  const within = h("label", { class: "compare", hidden: true }, h("span", {}, "in"), select);
  const by = sortSelect("Sort rows by", [...facts, label], (chosen) => {
    choice = chosen;
    sort();
  });
  return h("div", { class: "shared" }, by, within);
}

/** Facts that only the summaries of rows have. */
function summaryFacts(data: ImagesOutput, summarised: readonly [string, string][]): SortFact[] {
  const known = new Set(data.items.flatMap((item) => Object.keys(item.badges ?? {})));
  const names = new Set(summarised.filter(([, text]) => badgeNumber(text) !== undefined).map(([name]) => name));
  return [...names].filter((name) => !known.has(name)).map((name) => ({ name, kind: "number", of: () => undefined }));
}

/** The column's name; when all of its images share a mode or a licence class that the name does not already say, their chips. */
function columnHeader(
  { name }: GridColumn,
  items: readonly ImageItem[],
  summary: readonly [string, string][],
): HTMLElement {
  const mode = shared(items.map((item) => item.mode));
  const licence = shared(items.map((item) => item.licenceClass));
  const saysMode = mode !== undefined && (name === mode || name === modeNames[mode]);
  return h(
    "div",
    { class: "column-header" },
    saysMode && mode ? modeChip(mode) : h("span", { class: "column-name" }, name),
    mode && !saysMode && modeChip(mode),
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

function placeFacts(item: ImageItem): HTMLElement[] {
  const facts = Object.entries(item.badges ?? {}).map(([name, value]) => factChip(name, value));
  return item.seed === undefined ? facts : [factChip("seed", String(item.seed)), ...facts];
}

function shared<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}
