import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { formatCount, formatItems, h, icon, type Shown, type Surroundings } from "../mount.ts";
import { GridBody } from "./grid-body.ts";
import { arrange, rowsSource, type Sorting, type Source, toTsv } from "./model.ts";

/** From this many rows on a table is worth a filter. */
const filterFrom = 12;

/** Draws a table that sorts, filters, copies, and draws only the rows in view. */
export function renderTable(
  root: HTMLElement,
  data: TableOutput,
  surroundings: Surroundings,
): Shown<TableOutput> | undefined {
  if (!data.arrow || (data.rows && data.total === data.rows.length)) {
    showTable(root, data, rowsSource(data), surroundings);
    return undefined;
  }
  const waiting = h("div", { class: "sub", role: "status" }, "Reading the table…");
  root.append(waiting);
  const arrow = data.arrow;
  (async () => {
    const [{ arrowSource }, bytes] = await Promise.all([import("./arrow-source.ts"), surroundings.media.bytes(arrow)]);
    return arrowSource(data, bytes);
  })()
    .then((source) => {
      waiting.remove();
      if (!surroundings.signal.aborted) showTable(root, data, source, surroundings);
    })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      waiting.remove();
      showTable(root, data, rowsSource(data), surroundings);
      root.prepend(
        h(
          "div",
          { class: "notice" },
          `Only the first ${formatItems(data.rows?.length ?? 0, "row")} can be shown: ${reason}`,
        ),
      );
    });
  return undefined;
}

function showTable(root: HTMLElement, data: TableOutput, source: Source, { signal }: Surroundings): void {
  let sorting: Sorting | undefined;
  let filter = "";
  const sub = h("span", { class: "sub", "aria-live": "polite" });
  const body = new GridBody(source, data.title ?? "Table", signal, (column) => {
    sorting = nextSorting(sorting, column);
    show();
  });
  const total = Math.max(data.total ?? 0, source.rowCount);

  const show = () => {
    const order = arrange(source, filter, sorting);
    body.show(order, sorting);
    const shape = `${formatItems(total, "row")} × ${formatItems(source.columns.length, "column")}`;
    if (order.length < source.rowCount) sub.textContent = `${formatCount(order.length)} of ${shape}`;
    else sub.textContent = source.rowCount < total ? `first ${formatCount(source.rowCount)} of ${shape}` : shape;
  };

  const copy = h(
    "button",
    { class: "button", type: "button", title: "Copy as tab-separated text", onclick: () => copyRows() },
    icon("copy"),
    "Copy",
  );
  const copyRows = async () => {
    try {
      await navigator.clipboard.writeText(toTsv(source, arrange(source, filter, sorting)));
      flash(copy, "check", "Copied");
    } catch {
      flash(copy, "warning", "No access to the clipboard");
    }
  };
  const search =
    source.rowCount >= filterFrom &&
    h(
      "label",
      { class: "field" },
      icon("search"),
      h("input", {
        type: "search",
        placeholder: "Filter rows",
        "aria-label": "Filter rows",
        oninput: (event: Event) => {
          filter = (event.target as HTMLInputElement).value;
          show();
        },
        // Keys that are typed here are text, not commands of the notebook.
        onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
      }),
    );
  root.append(
    h(
      "div",
      { class: "head" },
      h("h3", { class: "title" }, data.title ?? "Table"),
      sub,
      h("div", { class: "tools" }, search, copy),
    ),
    body.element,
  );
  show();
}

function nextSorting(sorting: Sorting | undefined, column: number): Sorting | undefined {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? undefined : { column, descending: true };
}

function flash(button: HTMLElement, name: "check" | "warning", text: string): void {
  const before = [...button.childNodes];
  button.replaceChildren(icon(name), text);
  setTimeout(() => button.replaceChildren(...before), 1600);
}
