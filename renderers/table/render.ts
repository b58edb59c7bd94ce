import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { formatCount, formatItems, h, icon, type Shown, type Surroundings } from "../mount.ts";
import { GridBody } from "./grid-body.ts";
import { arrange, rowsSource, type Sorting, type Source, toCsv, toTsv } from "./model.ts";

/** From this many rows on a table is worth a filter. */
const filterFrom = 12;

/** From this many rows on the filter waits until the typing rests. */
const largeFrom = 50_000;

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

function showTable(root: HTMLElement, data: TableOutput, source: Source, { media, signal }: Surroundings): void {
  let sorting: Sorting | undefined;
  let filter = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
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
  const summary = h(
    "button",
    {
      class: "button",
      type: "button",
      "aria-pressed": "false",
      title: "Range, distribution and gaps of each column",
      onclick: () => {
        const on = summary.getAttribute("aria-pressed") !== "true";
        summary.setAttribute("aria-pressed", String(on));
        body.toggleSummaries(on);
      },
    },
    "Summary",
  );
  const save =
    media.canSave &&
    h(
      "button",
      {
        class: "button",
        type: "button",
        title: "Save what is shown as comma-separated text",
        onclick: () => {
          const name = (data.title ?? "table").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
          media.saveText(`${name}.csv`, toCsv(source, arrange(source, filter, sorting)));
        },
      },
      icon("save"),
      "CSV",
    );
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
          clearTimeout(timer);
          timer = setTimeout(show, source.rowCount > largeFrom ? 200 : 0);
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
      h("div", { class: "tools" }, search, source.rowCount > 1 && summary, copy, save),
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
