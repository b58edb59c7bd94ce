import type { ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { h } from "../mount.ts";
import { columnTitle, type GridModel, rowOrder } from "./grid-model.ts";
import { badgeNumber, type SortChoice, type SortFact, sortFacts, sortSelect } from "./sorting.ts";

/** What rows are sorted by: their label, or a fact of their images, in one column or over the whole row. */
export function rowSorting(
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
      class: "choice",
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
  return h("div", { class: "shared" }, h("div", { class: "arrangement" }, by, within));
}

/** Facts that only the summaries of rows have. */
function summaryFacts(data: ImagesOutput, summarised: readonly [string, string][]): SortFact[] {
  const known = new Set(data.items.flatMap((item) => Object.keys(item.badges ?? {})));
  const names = new Set(summarised.filter(([, text]) => badgeNumber(text) !== undefined).map(([name]) => name));
  return [...names].filter((name) => !known.has(name)).map((name) => ({ name, kind: "number", of: () => undefined }));
}
