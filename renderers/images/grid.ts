import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip, modeNames, type Surroundings } from "../mount.ts";
import { thumb } from "./thumb.ts";

/** Rows × columns with headers that stay in view; several images may share a place. Images without a place come below. */
export function grid(
  data: ImagesOutput,
  surroundings: Surroundings,
  open: (index: number, from: Element) => void,
): HTMLElement {
  const rows = data.rows ?? distinct(data.items.map((item) => item.row));
  const columns = data.columns ?? distinct(data.items.map((item) => item.column));
  const places = new Map<string, number[]>();
  const unplaced: number[] = [];
  data.items.forEach((item, index) => {
    const row = rows.indexOf(item.row ?? "");
    const column = columns.indexOf(item.column ?? "");
    if (row < 0 || column < 0) unplaced.push(index);
    else {
      const key = `${row}/${column}`;
      places.set(key, [...(places.get(key) ?? []), index]);
    }
  });
  const at = (row: number, column: number) => places.get(`${row}/${column}`) ?? [];
  const picture = (index: number, position: string) => {
    const item = data.items[index]!;
    return h(
      "div",
      { class: "place" },
      thumb(item, position, surroundings, (from) => open(index, from)),
      h("div", { class: "chips" }, placeFacts(item)),
    );
  };

  const table = h(
    "table",
    { class: "matrix" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", { class: "corner" }),
        columns.map((name, column) =>
          h(
            "th",
            { scope: "col" },
            columnHeader(
              name,
              rows.flatMap((_, row) => at(row, column)).map((i) => data.items[i]!),
            ),
          ),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((name, row) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, h("span", { class: "row-label", title: name }, name)),
          columns.map((columnName, column) =>
            h(
              "td",
              {},
              h(
                "div",
                { class: "places" },
                at(row, column).map((index) => picture(index, `${name}, ${columnName}`)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
  return h(
    "div",
    {},
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": data.title ?? "Image grid" }, table),
    unplaced.length > 0 &&
      h(
        "div",
        { class: "unplaced" },
        h("div", { class: "sub" }, "Without a place in the grid"),
        h(
          "div",
          { class: "places" },
          unplaced.map((index) => picture(index, String(index + 1))),
        ),
      ),
  );
}

/** The column's name; when all of its images share a mode or a licence class that the name does not already say, their chips. */
function columnHeader(name: string, items: readonly ImageItem[]): HTMLElement {
  const mode = shared(items.map((item) => item.mode));
  const licence = shared(items.map((item) => item.licenceClass));
  const saysMode = mode !== undefined && (name === mode || name === modeNames[mode]);
  return h(
    "div",
    { class: "column-header" },
    saysMode && mode ? modeChip(mode) : h("span", { class: "column-name" }, name),
    mode && !saysMode && modeChip(mode),
    licence && licenceChip(licence),
  );
}

function placeFacts(item: ImageItem): HTMLElement[] {
  const facts = Object.entries(item.badges ?? {}).map(([name, value]) => factChip(name, value));
  return item.seed === undefined ? facts : [factChip("seed", String(item.seed)), ...facts];
}

function shared<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.map((value) => value ?? ""))];
}
