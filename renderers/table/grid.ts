import { h } from "../mount.ts";
import { columnsInView, type Range, rowHeight, rowsInView, ScrollMap } from "./geometry.ts";
import { GridHeader } from "./grid-header.ts";
import type { Sorting, Source, Value } from "./model.ts";
import { type Place, Selection } from "./selection.ts";
import { measureColumns } from "./widths.ts";

/** A table with at most this many rows grows to its full height; a larger one scrolls. */
const fullHeightRows = 16;
/** Rows drawn beyond either edge of the view. */
const rowsBeyond = 10;
/** CSS pixels drawn beyond either side of the view. */
const pixelsBeyond = 400;

/** What the grid tells the table around it. */
export interface GridEvents {
  readonly sort: (column: number) => void;
  readonly openColumn: (column: number, from: HTMLElement) => void;
  /** A cell's value is to be read in full. */
  readonly read: (row: number, column: number) => void;
  /** Copies a range of places and columns. */
  readonly copy: (rows: Uint32Array, columns: Range) => void;
}

interface DrawnRow {
  readonly element: HTMLElement;
  place: number;
}

/**
 * The grid itself: headers, and of rows and columns only those in view. One cell is active; arrow keys, Home, End, Page Up and Page Down move it,
 * with Shift they select, Ctrl+C copies, Enter shows the value in full.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #source: Source;
  readonly #events: GridEvents;
  readonly #header: GridHeader;
  readonly #body = h("tbody", { role: "rowgroup" });
  readonly #table: HTMLElement;
  readonly #scroll = new ScrollMap();
  readonly #selection: Selection;
  #edges: number[] = [];
  #order: Uint32Array = new Uint32Array();
  #rows: DrawnRow[] = [];
  #columns: Range = { first: 0, last: 0 };
  #shift = 0;

  constructor(source: Source, label: string, signal: AbortSignal, events: GridEvents) {
    this.#source = source;
    this.#events = events;
    this.#header = new GridHeader(source, {
      sort: events.sort,
      openColumn: events.openColumn,
      resize: (column, width) => this.setWidth(column, width),
      fit: (column) => this.fitWidth(column),
      leave: () => this.#focusActive(),
    });
    this.#table = h(
      "table",
      { role: "grid", "aria-label": label, "aria-colcount": source.columns.length, "aria-multiselectable": "true" },
      this.#header.element,
      this.#body,
    );
    this.element = h("div", { class: "scroll", tabindex: "-1" }, this.#table);
    this.#selection = new Selection(source.columns.length);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.#body.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#body.addEventListener("pointerdown", (event) => this.#pointed(event), { signal });
    this.#body.addEventListener("dblclick", () => this.#read(), { signal });
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** The header, for summaries below the names. */
  get header(): GridHeader {
    return this.#header;
  }

  /** Shows rows in the given order. */
  show(order: Uint32Array, sorting: Sorting | undefined): void {
    this.#order = order;
    this.#selection.reset(order.length);
    this.#scroll.reset(order.length);
    this.#table.setAttribute("aria-rowcount", String(order.length + 1));
    this.element.classList.toggle("tall", order.length > fullHeightRows);
    this.element.classList.toggle("none", order.length === 0);
    this.#header.sorted(sorting);
    if (this.#edges.length === 0) this.#layOut(measureColumns(this.#source, order, this.element));
    this.#body.style.height = `${Math.max(1, this.#scroll.height)}px`;
    this.element.scrollTop = 0;
    this.#redraw();
  }

  /** Makes a column this wide, in CSS pixels. */
  setWidth(column: number, width: number): void {
    const widths = this.#edges.slice(1).map((edge, i) => edge - this.#edges[i]!);
    widths[column] = width;
    this.#layOut(widths);
    this.#redraw();
  }

  /** Makes a column as wide as what is now in view needs. */
  fitWidth(column: number): void {
    const rows = this.#rows.map(({ place }) => this.#order[place]!);
    const [width] = measureColumns(this.#source, Uint32Array.from(rows), this.element, [column], 2000);
    if (width !== undefined) this.setWidth(column, width);
  }

  /** The width of a column in CSS pixels. */
  widthOf(column: number): number {
    return this.#edges[column + 1]! - this.#edges[column]!;
  }

  /** Puts the focus on the active cell. */
  focus(): void {
    this.#focusActive();
  }

  #layOut(widths: readonly number[]): void {
    this.#edges = [0];
    for (const width of widths) this.#edges.push(this.#edges.at(-1)! + width);
    this.#table.style.width = `${this.#edges.at(-1)!}px`;
  }

  #scrolled(): void {
    this.#scroll.moved(this.element.scrollTop, this.#viewHeight());
    this.#draw();
  }

  #viewHeight(): number {
    return Math.max(rowHeight, this.element.clientHeight - this.#header.element.offsetHeight);
  }

  #redraw(): void {
    for (const { element } of this.#rows) element.remove();
    this.#rows = [];
    this.#columns = { first: -1, last: -1 };
    this.#draw();
  }

  /** Brings what is drawn to what is in view. Rows that leave at one end are filled anew and come in at the other. */
  #draw(): void {
    const columns = columnsInView(this.#edges, this.element.scrollLeft, this.element.clientWidth || 900, pixelsBeyond);
    if (columns.first !== this.#columns.first || columns.last !== this.#columns.last) {
      this.#columns = columns;
      this.#header.draw(columns, this.#edges, this.#selection.active.column);
      for (const row of this.#rows) this.#fill(row);
    }
    const height = this.element.classList.contains("tall") ? this.#viewHeight() : fullHeightRows * rowHeight;
    const wanted = rowsInView(this.#order.length, this.#scroll.top, height, rowsBeyond);
    const spare: DrawnRow[] = [];
    this.#rows = this.#rows.filter((row) => {
      const stays = row.place >= wanted.first && row.place < wanted.last;
      if (!stays) spare.push(row);
      return stays;
    });
    const kept = {
      first: this.#rows[0]?.place ?? wanted.last,
      last: (this.#rows.at(-1)?.place ?? wanted.last - 1) + 1,
    };
    const above: DrawnRow[] = [];
    for (let place = wanted.first; place < kept.first; place++) above.push(this.#row(place, spare));
    const below: DrawnRow[] = [];
    for (let place = kept.last; place < wanted.last; place++) below.push(this.#row(place, spare));
    for (const { element } of spare) element.remove();
    if (above.length > 0) this.#body.prepend(...above.map(({ element }) => element));
    if (below.length > 0) this.#body.append(...below.map(({ element }) => element));
    this.#rows = [...above, ...this.#rows, ...below];
    if (this.#shift !== this.#scroll.shift) {
      this.#shift = this.#scroll.shift;
      for (const row of this.#rows) this.#place(row);
    }
  }

  #row(place: number, spare: DrawnRow[]): DrawnRow {
    const row = spare.pop() ?? { element: h("tr", { role: "row" }), place };
    row.place = place;
    row.element.setAttribute("aria-rowindex", String(place + 2));
    this.#place(row);
    this.#fill(row);
    return row;
  }

  #place({ element, place }: DrawnRow): void {
    element.style.top = `${place * rowHeight + this.#scroll.shift}px`;
  }

  #fill({ element, place }: DrawnRow): void {
    const { first, last } = this.#columns;
    const cells = element.children;
    while (cells.length > last - first) element.lastElementChild!.remove();
    while (cells.length < last - first) element.append(h("td", { role: "gridcell" }));
    const row = this.#order[place]!;
    for (let column = first; column < last; column++) {
      const cell = cells[column - first] as HTMLElement;
      this.#cell(cell, this.#source.value(row, column), column);
      this.#mark(cell, { row: place, column });
    }
  }

  #cell(cell: HTMLElement, value: Value, index: number): void {
    const column = this.#source.columns[index]!;
    const text = column.text(value);
    const width = this.widthOf(index);
    const place = column.right ? "right" : column.kind === "json" ? "code" : "";
    cell.className = value === null ? `empty ${place}` : place;
    cell.textContent = value === null ? "–" : oneLine(text);
    cell.style.left = `${this.#edges[index]!}px`;
    cell.style.width = `${width}px`;
    cell.setAttribute("aria-colindex", String(index + 1));
    // About seven pixels a letter: what may be cut can be read by pointing at it.
    if (text.length * 6 > width - 24) cell.title = text.slice(0, 1000);
    else cell.removeAttribute("title");
  }

  #mark(cell: HTMLElement, at: Place): void {
    const active = this.#selection.isActive(at);
    cell.tabIndex = active ? 0 : -1;
    const selected = this.#selection.has(at);
    cell.classList.toggle("selected", selected);
    if (selected) cell.setAttribute("aria-selected", "true");
    else cell.removeAttribute("aria-selected");
  }

  #remark(): void {
    for (const { element, place } of this.#rows)
      for (const [i, cell] of [...element.children].entries())
        this.#mark(cell as HTMLElement, { row: place, column: this.#columns.first + i });
  }

  #pointed(event: PointerEvent): void {
    const cell = (event.target as Element).closest("td");
    const row = this.#rows.find(({ element }) => element === cell?.parentElement);
    if (!cell || !row || event.button !== 0) return;
    const column = this.#columns.first + [...row.element.children].indexOf(cell);
    this.#selection.move({ row: row.place, column }, event.shiftKey);
    this.#remark();
  }

  #read(): void {
    const { row, column } = this.#selection.active;
    const at = this.#order[row];
    if (at !== undefined) this.#events.read(at, column);
  }

  #key(event: KeyboardEvent): void {
    const far = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.#viewHeight() / rowHeight) - 1);
    const next = this.#selection.after(event.key, far, page);
    if (event.key === "ArrowUp" && !far && this.#selection.active.row === 0 && !event.shiftKey)
      this.#header.focus(this.#selection.active.column);
    else if (next) this.#moveTo(next, event.shiftKey);
    else if (far && event.key === "a") {
      this.#selection.all();
      this.#remark();
    } else if (far && event.key === "c" && (document.getSelection()?.toString() ?? "") === "") {
      const { rows, columns } = this.#selection.range;
      this.#events.copy(this.#order.subarray(rows.first, rows.last), columns);
    } else if (event.key === "Enter") this.#read();
    else return;
    // The notebook has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
  }

  #moveTo(place: Place, extend: boolean): void {
    this.#selection.move(place, extend);
    this.#reveal(place);
    this.#draw();
    this.#remark();
    this.#focusActive();
  }

  #reveal({ row, column }: Place): void {
    const top = row * rowHeight;
    const view = this.#viewHeight();
    const seen = this.#scroll.top;
    if (this.element.classList.contains("tall")) {
      if (top < seen) this.element.scrollTop = this.#scroll.barFor(top, view);
      else if (top + rowHeight > seen + view)
        this.element.scrollTop = this.#scroll.barFor(top + rowHeight - view, view);
    }
    const [left, right] = [this.#edges[column]!, this.#edges[column + 1]!];
    const { scrollLeft, clientWidth } = this.element;
    if (left < scrollLeft) this.element.scrollLeft = left;
    else if (right > scrollLeft + clientWidth) this.element.scrollLeft = Math.min(left, right - clientWidth);
  }

  #focusActive(): void {
    const { row, column } = this.#selection.active;
    const drawn = this.#rows.find(({ place }) => place === row);
    if (!drawn) {
      this.#reveal({ row, column });
      this.#draw();
    }
    const cell = this.#rows.find(({ place }) => place === row)?.element.children[column - this.#columns.first];
    if (cell instanceof HTMLElement) cell.focus({ preventScroll: true });
  }
}

/** A cell is one line: breaks become marks, and what no width could show is left to the full view. */
function oneLine(text: string): string {
  return (text.length > 400 ? `${text.slice(0, 400)}…` : text).replace(/\r?\n|\r/g, " ↵ ");
}
