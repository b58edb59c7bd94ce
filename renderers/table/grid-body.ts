import { h, icon } from "../mount.ts";
import type { Sorting, Source } from "./model.ts";
import { summaryCell } from "./summary.ts";
import { visibleRows } from "./window.ts";

/** Height of a row in CSS pixels; all are alike, so that the place of a row is known without drawing it. */
const rowHeight = 27;
/** A table with at most this many rows grows to its full height; a larger one scrolls. */
const fullHeightRows = 16;

/**
 * The grid itself: headers that sort, and of the rows only those in view. One cell is active; arrow keys, Home, End, Page Up and Page Down move
 * it, and Ctrl+C copies it.
 */
export class GridBody {
  readonly element: HTMLElement;
  readonly #source: Source;
  readonly #headers: HTMLElement[];
  readonly #body = h("tbody", {});
  readonly #table: HTMLTableElement;
  #order: Uint32Array = new Uint32Array();
  #active = { row: 0, column: 0 };
  #drawn = { first: 0, last: 0 };

  constructor(source: Source, label: string, signal: AbortSignal, onSort: (column: number) => void) {
    this.#source = source;
    this.#headers = source.columns.map((column, index) =>
      h(
        "th",
        { scope: "col", role: "columnheader", class: column.right ? "right" : "" },
        h(
          "button",
          { class: "sort", type: "button", title: `Sort by ${column.name}`, onclick: () => onSort(index) },
          h("span", { class: "column-name" }, column.name),
          column.unit && h("span", { class: "unit" }, column.unit),
          h("span", { class: "direction" }),
        ),
      ),
    );
    this.#table = h(
      "table",
      { role: "grid", "aria-label": label, "aria-colcount": source.columns.length },
      h("thead", {}, h("tr", {}, this.#headers)),
      this.#body,
    );
    this.element = h("div", { class: "scroll", tabindex: "-1" }, this.#table);
    this.element.addEventListener("scroll", () => this.#draw(), { passive: true, signal });
    this.#body.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#body.addEventListener("focusin", (event) => this.#focused(event.target), { signal });
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Shows or hides a summary of each column below its header. They are computed when they are first shown. */
  toggleSummaries(shown: boolean): void {
    this.#headers.forEach((header, column) => {
      const present = header.querySelector(".summary");
      if (shown && !present) header.append(summaryCell(this.#source, column));
      else if (!shown) present?.remove();
    });
  }

  /** Shows rows in the given order. */
  show(order: Uint32Array, sorting: Sorting | undefined): void {
    this.#order = order;
    this.#active = { row: 0, column: this.#active.column };
    this.#table.setAttribute("aria-rowcount", String(order.length + 1));
    this.element.classList.toggle("tall", order.length > fullHeightRows);
    this.#headers.forEach((header, column) => {
      const sorted = sorting?.column === column;
      if (sorted) header.setAttribute("aria-sort", sorting.descending ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
      header
        .querySelector(".direction")
        ?.replaceChildren(...(sorted ? [icon(sorting.descending ? "down" : "up")] : []));
    });
    this.element.scrollTop = 0;
    this.#drawn = { first: -1, last: -1 };
    this.#draw();
    this.#keepWidths();
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const window = visibleRows(this.#order.length, rowHeight, scrollTop, clientHeight || fullHeightRows * rowHeight);
    if (window.first === this.#drawn.first && window.last === this.#drawn.last) return;
    const hadFocus = this.#activeCell() === rootOf(this.element).activeElement && this.#activeCell() !== null;
    this.#drawn = { first: window.first, last: window.last };
    const rows: HTMLElement[] = [];
    if (window.above > 0) rows.push(spacer(window.above, this.#source.columns.length));
    for (let place = window.first; place < window.last; place++) rows.push(this.#row(place));
    if (window.below > 0) rows.push(spacer(window.below, this.#source.columns.length));
    if (this.#order.length === 0) rows.push(this.#emptyRow());
    this.#body.replaceChildren(...rows);
    if (hadFocus) this.#activeCell()?.focus({ preventScroll: true });
  }

  #row(place: number): HTMLElement {
    const row = this.#order[place]!;
    return h(
      "tr",
      { "aria-rowindex": place + 2, class: place % 2 === 1 ? "odd" : "" },
      this.#source.columns.map((column, index) => {
        const value = this.#source.value(row, index);
        const text = column.text(value);
        const isActive = place === this.#active.row && index === this.#active.column;
        return h(
          "td",
          {
            role: "gridcell",
            tabindex: isActive ? 0 : -1,
            "data-place": place,
            "data-column": index,
            class: value === null ? "empty" : column.right ? "right" : column.kind === "json" ? "code" : "",
            title: text.length > 24 ? text.slice(0, 2000) : undefined,
          },
          value === null ? "–" : text.slice(0, 400),
        );
      }),
    );
  }

  #emptyRow(): HTMLElement {
    return h("tr", {}, h("td", { class: "none", colspan: this.#source.columns.length }, "No rows"));
  }

  /** Columns keep the width they have with the first rows, so that scrolling does not move them. */
  #keepWidths(): void {
    if (this.#order.length <= fullHeightRows) return;
    requestAnimationFrame(() => {
      for (const header of this.#headers) if (!header.style.minWidth) header.style.minWidth = `${header.offsetWidth}px`;
    });
  }

  #activeCell(): HTMLElement | null {
    return this.#body.querySelector<HTMLElement>('td[tabindex="0"]');
  }

  #focused(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement) || target.dataset.place === undefined) return;
    this.#activeCell()?.setAttribute("tabindex", "-1");
    target.setAttribute("tabindex", "0");
    this.#active = { row: Number(target.dataset.place), column: Number(target.dataset.column) };
  }

  #key(event: KeyboardEvent): void {
    const { row, column } = this.#active;
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const far = event.ctrlKey || event.metaKey;
    const lastColumn = this.#source.columns.length - 1;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [far ? this.#order.length : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowRight: [row, far ? lastColumn : column + 1],
      ArrowLeft: [row, far ? 0 : column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? this.#order.length : row, lastColumn],
    };
    const move = moves[event.key];
    if (move) this.#moveTo(clamp(move[0], this.#order.length - 1), clamp(move[1], lastColumn));
    else if (far && event.key === "c" && String(rootOf(this.element).ownerDocument?.getSelection() ?? "") === "")
      this.#copyCell();
    else return;
    // The notebook has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
  }

  #moveTo(row: number, column: number): void {
    this.#active = { row, column };
    const top = row * rowHeight;
    const view = this.element.clientHeight - rowHeight * 2;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top > this.element.scrollTop + view) this.element.scrollTop = top - view;
    this.#drawn = { first: -1, last: -1 };
    this.#draw();
    this.#body.querySelector<HTMLElement>(`td[data-place="${row}"][data-column="${column}"]`)?.focus();
  }

  #copyCell(): void {
    const row = this.#order[this.#active.row];
    if (row === undefined) return;
    const value = this.#source.value(row, this.#active.column);
    navigator.clipboard.writeText(value === null ? "" : String(value)).catch(() => {});
  }
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value));
}

function rootOf(element: Element): ShadowRoot | Document {
  return element.getRootNode() as ShadowRoot | Document;
}

function spacer(height: number, columns: number): HTMLElement {
  const row = h("tr", { class: "spacer", "aria-hidden": "true" }, h("td", { colspan: columns }));
  row.style.height = `${height}px`;
  return row;
}
