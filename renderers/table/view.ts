import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { flash, formatCount, formatItems, h, head, icon, type Surroundings, saveMenu } from "../mount.ts";
import { columnPanel } from "./column-panel.ts";
import { type ExportFormat, exportFormats, exportTable, toTsv } from "./export.ts";
import { asksNothing, type ColumnFilter, filterRows } from "./filter.ts";
import type { Range } from "./geometry.ts";
import { Grid } from "./grid.ts";
import { boundedWidth } from "./grid-header.ts";
import { fullText, type Sorting, type Source } from "./model.ts";
import { Pace } from "./pace.ts";
import { Reader } from "./reader.ts";
import { sortRows } from "./sort.ts";
import { type ColumnSummary, summarize } from "./summary.ts";
import { summaryBrief, summaryFull } from "./summary-view.ts";

/** From this many rows on a table is worth a filter, and summaries from the start. */
const filterFrom = 12;
/** Milliseconds until long work is spoken of. */
const patience = 150;

/** A table with its tools. Sorting, filtering and summaries are done in slices, so that a million rows never hold up the page. */
export class TableView {
  readonly #root: HTMLElement;
  readonly #data: TableOutput;
  readonly #source: Source;
  readonly #surroundings: Surroundings;
  readonly #grid: Grid;
  readonly #sub = h("span", { class: "sub", "aria-live": "polite" });
  readonly #none = h("div", { class: "nothing-shown", hidden: true });
  readonly #reader: Reader;
  readonly #summaries = new Map<number, Promise<ColumnSummary>>();
  readonly #filters = new Map<number, ColumnFilter>();
  #summaryQueue: Promise<unknown> = Promise.resolve();
  #words = "";
  #sorting: Sorting | undefined;
  #order: Uint32Array;
  #filtered: { readonly key: string; readonly order: Uint32Array } | undefined;
  #job = new AbortController();
  #panel: HTMLElement | undefined;

  constructor(root: HTMLElement, data: TableOutput, source: Source, surroundings: Surroundings) {
    this.#root = root;
    this.#data = data;
    this.#source = source;
    this.#surroundings = surroundings;
    this.#order = Uint32Array.from({ length: source.rowCount }, (_, row) => row);
    this.#grid = new Grid(source, data.title ?? "Table", surroundings.signal, {
      sort: (column) => this.#sort(nextSorting(this.#sorting, column)),
      openColumn: (column, from) => this.#openColumn(column, from),
      read: (row, column) => this.#reader.show(source.columns[column]!, source.value(row, column), row),
      copy: (rows, columns) => void this.#copy(rows, columns, this.#sub),
    });
    this.#reader = new Reader(() => this.#grid.focus());
    const large = source.rowCount >= filterFrom;
    root.append(
      head(
        data.title ?? "Table",
        this.#sub,
        large && this.#search(),
        this.#summaryButton(large),
        this.#copyButton(),
        this.#export(),
      ),
      this.#grid.element,
      this.#none,
      this.#reader.element,
    );
    surroundings.signal.addEventListener("abort", () => this.#job.abort());
    this.#show();
    if (large) this.#showSummaries(true);
  }

  /** Filters and sorts anew; the newest wish wins. */
  async #arrange(): Promise<void> {
    this.#job.abort();
    const job = new AbortController();
    this.#job = job;
    const pace = new Pace(job.signal);
    const waiting = setTimeout(() => this.#say("Working…"), patience);
    try {
      const key = JSON.stringify([this.#words, ...this.#filters]);
      if (this.#filtered?.key !== key) {
        const order = await filterRows(this.#source, { words: this.#words, columns: this.#filters }, pace);
        this.#filtered = { key, order };
      }
      const { order } = this.#filtered;
      this.#order = this.#sorting ? await sortRows(order, this.#source, this.#sorting, pace) : order;
      if (!job.signal.aborted) this.#show();
    } catch (error) {
      if (!job.signal.aborted)
        this.#say(`This cannot be done: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(waiting);
    }
  }

  #show(): void {
    this.#grid.show(this.#order, this.#sorting);
    const { rowCount, columns } = this.#source;
    this.#say(this.#shape());
    this.#none.hidden = this.#order.length > 0 && columns.length > 0;
    const why =
      columns.length === 0
        ? "This table has no columns"
        : rowCount === 0
          ? "This table has no rows"
          : "No row passes the filters";
    this.#none.replaceChildren(why, ...(rowCount > 0 && columns.length > 0 ? [this.#clearButton()] : []));
  }

  /** "1,200 rows × 6 columns", and how many of them are shown. */
  #shape(): string {
    const { rowCount, columns } = this.#source;
    const total = Math.max(this.#data.total ?? 0, rowCount);
    const shape = `${formatItems(total, "row")} × ${formatItems(columns.length, "column")}`;
    if (this.#order.length < rowCount) return `${formatCount(this.#order.length)} of ${shape}`;
    return rowCount < total ? `first ${formatCount(rowCount)} of ${shape}` : shape;
  }

  #say(text: string): void {
    this.#sub.textContent = text;
  }

  #sort(sorting: Sorting | undefined): void {
    this.#sorting = sorting;
    void this.#arrange();
  }

  #clearButton(): HTMLElement {
    return h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: () => {
          for (const column of this.#filters.keys()) this.#grid.header.filtered(column, false);
          this.#filters.clear();
          this.#words = "";
          const search = this.#root.querySelector<HTMLInputElement>(".head input[type=search]");
          if (search) search.value = "";
          void this.#arrange();
        },
      },
      "Clear filters",
    );
  }

  #search(): HTMLElement {
    let timer: ReturnType<typeof setTimeout> | undefined;
    return h(
      "label",
      { class: "field" },
      icon("search"),
      h("input", {
        type: "search",
        placeholder: "Filter rows",
        "aria-label": "Filter rows",
        oninput: (event: Event) => {
          this.#words = (event.target as HTMLInputElement).value;
          clearTimeout(timer);
          timer = setTimeout(() => void this.#arrange(), this.#source.rowCount > 50_000 ? patience : 0);
        },
        // Keys that are typed here are text, not commands of the notebook.
        onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
      }),
    );
  }

  #summaryButton(on: boolean): HTMLElement | false {
    if (this.#source.rowCount < 2) return false;
    const button = h(
      "button",
      {
        class: "button",
        type: "button",
        "aria-pressed": String(on),
        title: "Distribution, range and gaps of each column",
        onclick: () => {
          const next = button.getAttribute("aria-pressed") !== "true";
          button.setAttribute("aria-pressed", String(next));
          this.#showSummaries(next);
        },
      },
      icon("bars"),
      "Summary",
    );
    return button;
  }

  #showSummaries(on: boolean): void {
    this.#grid.header.summaries(
      on
        ? (column) => {
            const place = h("div", { class: "summary" });
            this.#summary(column).then(
              (summary) => place.replaceWith(summaryBrief(this.#source.columns[column]!, summary)),
              () => {},
            );
            return place;
          }
        : undefined,
    );
    this.#grid.element.classList.toggle("with-summaries", on);
  }

  /** Each column is counted once, one after the other, and only when it is looked at. */
  #summary(column: number): Promise<ColumnSummary> {
    const known = this.#summaries.get(column);
    if (known) return known;
    const started = this.#summaryQueue.then(() => summarize(this.#source, column, new Pace(this.#surroundings.signal)));
    this.#summaryQueue = started.catch(() => {});
    this.#summaries.set(column, started);
    return started;
  }

  #openColumn(index: number, from: HTMLElement): void {
    const again = this.#panel?.dataset.column === String(index);
    this.#closePanel();
    if (again) return;
    const column = this.#source.columns[index]!;
    const panel = columnPanel(
      column,
      this.#filters.get(index) ?? {},
      this.#summary(index).then((summary) => summaryFull(column, summary)),
      {
        filter: (filter) => {
          if (asksNothing(filter)) this.#filters.delete(index);
          else this.#filters.set(index, filter);
          this.#grid.header.filtered(index, !asksNothing(filter));
          void this.#arrange();
        },
        sort: (descending) => this.#sort(descending === undefined ? undefined : { column: index, descending }),
        widen: (factor) => this.#grid.setWidth(index, boundedWidth(this.#grid.widthOf(index) * factor)),
        fit: () => this.#grid.fitWidth(index),
        close: () => {
          this.#closePanel();
          from.focus();
        },
      },
    );
    panel.dataset.column = String(index);
    this.#panel = panel;
    this.#root.append(panel);
    const [frame, anchor] = [this.#root.getBoundingClientRect(), from.getBoundingClientRect()];
    panel.style.top = `${anchor.bottom - frame.top + 6}px`;
    panel.style.left = `${Math.max(0, Math.min(anchor.right - frame.left - panel.offsetWidth, frame.width - panel.offsetWidth))}px`;
    // An output frame ends where its content ends: room is made below a short table.
    this.#root.style.minHeight = `${anchor.bottom - frame.top + panel.offsetHeight + 90}px`;
    panel.focus({ preventScroll: true });
  }

  #closePanel(): void {
    this.#panel?.remove();
    this.#panel = undefined;
    this.#root.style.minHeight = "";
  }

  #copyButton(): HTMLElement {
    const button = h(
      "button",
      {
        class: "button",
        type: "button",
        title: "Copy what is shown as tab-separated text",
        onclick: () => void this.#copy(this.#order, { first: 0, last: this.#source.columns.length }, button),
      },
      icon("copy"),
      "Copy",
    );
    return button;
  }

  async #copy(rows: Uint32Array, columns: Range, told: HTMLElement): Promise<void> {
    const single = rows.length === 1 && columns.last - columns.first === 1;
    try {
      const text = single
        ? fullText(this.#source.value(rows[0]!, columns.first), this.#source.columns[columns.first]!.kind)
        : await toTsv(this.#source, rows, columns, new Pace(this.#surroundings.signal));
      await navigator.clipboard.writeText(text);
      flash(
        told,
        "check",
        told === this.#sub ? `Copied ${single ? "one value" : formatItems(rows.length, "row")}` : "Copied",
      );
    } catch {
      flash(told, "warning", "No access to the clipboard");
    }
  }

  #export(): HTMLElement | false {
    if (!this.#surroundings.media.canSave || this.#source.columns.length === 0) return false;
    const formats = Object.keys(exportFormats) as ExportFormat[];
    return saveMenu(
      "save",
      "Export",
      "Save what is shown as a file",
      formats.map((format) => ({ ...exportFormats[format], act: () => this.#save(format) })),
    );
  }

  async #save(format: ExportFormat): Promise<void> {
    const name = (this.#data.title ?? "table").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "table";
    const working = setTimeout(() => this.#say(`Writing ${exportFormats[format].name}…`), patience);
    try {
      const bytes = await exportTable(format, this.#source, this.#order, new Pace(this.#surroundings.signal));
      await this.#surroundings.media.saveBytes(`${name}.${exportFormats[format].ending}`, bytes);
    } finally {
      clearTimeout(working);
      this.#say(this.#shape());
    }
  }
}

function nextSorting(sorting: Sorting | undefined, column: number): Sorting | undefined {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? undefined : { column, descending: true };
}
