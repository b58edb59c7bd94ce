import { h } from "../mount.ts";
import { columnTitle, type GridModel } from "./grid-model.ts";

/** A grid of more images than this draws only those in view. */
const mostDrawn = 200;
/** CSS pixels that are drawn beyond either edge of the view. */
const beyond = 300;
/** Space between images of one place, and around a place, in CSS pixels. */
const [gap, padding] = [8, 10];

/** Makes an image in its place: `position` says where that is, in words. `signal` fires when it is taken away. */
export type PlaceMaker = (index: number, position: string, signal: AbortSignal) => HTMLElement;

interface Row {
  readonly element: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/**
 * The cells of a grid. In a large one only those in view hold their images; the others are empty and keep their size. The images are one stop of the Tab
 * key: arrow keys, Home and End go from place to place.
 */
export class GridCells {
  readonly #model: GridModel;
  readonly #make: PlaceMaker;
  readonly #scroll: HTMLElement;
  readonly #body: HTMLElement;
  readonly #heads: readonly HTMLElement[];
  readonly #rows: readonly Row[];
  readonly #filled = new Map<HTMLTableCellElement, AbortController>();
  readonly #where = new Map<number, { readonly row: number; readonly column: number }>();
  readonly #lazy: boolean;
  #order: readonly number[];
  #tops: number[] = [];
  #lefts: number[] = [];
  #stop: HTMLElement | undefined;

  /** `labels` are the headers of rows, `heads` those of columns. */
  constructor(
    model: GridModel,
    { labels, heads, scroll }: { labels: readonly HTMLElement[]; heads: readonly HTMLElement[]; scroll: HTMLElement },
    make: PlaceMaker,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#make = make;
    this.#scroll = scroll;
    this.#heads = heads;
    this.#order = model.rows.map((_, row) => row);
    let count = 0;
    this.#rows = labels.map((label, row) => {
      const cells = model.columns.map((column, at) => {
        for (const index of model.at(row, at)) this.#where.set(index, { row, column: at });
        count += model.at(row, at).length;
        const starts = at > 0 && column.group !== model.columns[at - 1]!.group;
        return h("td", { class: starts && "group-start" });
      });
      return { element: h("tr", {}, label, cells), cells };
    });
    this.#lazy = count > mostDrawn;
    this.#body = h("tbody", { class: this.#lazy && "lazy" });
    this.#body.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#body.addEventListener("focusin", (event) => this.#setStop(event.target as HTMLElement), { signal });
    this.reorder(this.#order);
    signal.addEventListener("abort", () => {
      for (const end of this.#filled.values()) end.abort();
    });
    if (!this.#lazy) return;
    scroll.addEventListener("scroll", () => this.#draw(), { passive: true, signal });
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(scroll);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** The rows, for the table. */
  get element(): HTMLElement {
    return this.#body;
  }

  /** Puts the rows into this order. */
  reorder(order: readonly number[]): void {
    this.#order = order;
    this.#scroll.scrollTop = 0;
    this.#body.replaceChildren(...order.map((row) => this.#rows[row]!.element));
    if (this.#lazy) this.#measure();
    else for (const row of order) for (const column of this.#model.columns.keys()) this.#fill(row, column);
    this.#setStop(this.#body.querySelector<HTMLElement>(".thumb"));
  }

  /** Makes room for thumbnails of this size, in CSS pixels: empty cells keep it. */
  resize(width: number, height: number): void {
    if (!this.#lazy) return;
    for (const row of this.#rows) row.element.style.height = `${height + 2 * padding}px`;
    this.#heads.forEach((head, column) => {
      const most = this.#rows.reduce((most, _, row) => Math.max(most, this.#model.at(row, column).length), 1);
      head.style.minWidth = `${most * (width + gap) - gap + 2 * padding}px`;
    });
    this.#measure();
  }

  /** Brings an image into view and gives its thumbnail the focus; whether it stands in the grid. */
  focus(index: number): boolean {
    const place = this.#where.get(index);
    if (!place) return false;
    const cell = this.#rows[place.row]!.cells[place.column]!;
    this.#fill(place.row, place.column);
    // What lies under the headers is not in view.
    const head = this.#heads[0]?.closest("thead")?.offsetHeight ?? 0;
    this.#scroll.style.scrollPadding = `${head}px 0 0 ${cell.parentElement?.querySelector("th")?.offsetWidth ?? 0}px`;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    const button = cell.querySelector<HTMLElement>(`.thumb[data-index="${index}"]`);
    this.#setStop(button);
    button?.focus({ preventScroll: true });
    return true;
  }

  /** Where rows and columns begin, read once for each arrangement: reading it while scrolling would lay out the page anew. */
  #measure(): void {
    if (!this.#scroll.isConnected) return;
    this.#tops = this.#order.map((row) => this.#rows[row]!.element.offsetTop);
    this.#lefts = this.#heads.map((head) => head.offsetLeft);
    this.#draw();
  }

  #draw(): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.#scroll;
    const rows = inView(this.#tops, scrollTop, scrollTop + (clientHeight || 680));
    const columns = inView(this.#lefts, scrollLeft, scrollLeft + (clientWidth || 900));
    const wanted = new Set<HTMLTableCellElement>();
    for (let at = rows.first; at < rows.last; at++) {
      for (let column = columns.first; column < columns.last; column++)
        wanted.add(this.#fill(this.#order[at]!, column));
    }
    for (const [cell, end] of this.#filled) {
      if (wanted.has(cell) || cell.querySelector(":focus-within")) continue;
      end.abort();
      cell.replaceChildren();
      this.#filled.delete(cell);
    }
    if (!this.#stop?.isConnected) this.#setStop(this.#body.querySelector<HTMLElement>(".thumb"));
  }

  #fill(row: number, column: number): HTMLTableCellElement {
    const cell = this.#rows[row]!.cells[column]!;
    const indices = this.#model.at(row, column);
    if (this.#filled.has(cell) || indices.length === 0) return cell;
    const end = new AbortController();
    this.#filled.set(cell, end);
    const position = `${this.#model.rows[row]}, ${columnTitle(this.#model.columns[column]!)}`;
    const places = indices.map((index) => this.#make(index, position, end.signal));
    cell.replaceChildren(h("div", { class: "places" }, places));
    for (const button of cell.querySelectorAll<HTMLElement>(".thumb")) button.tabIndex = -1;
    return cell;
  }

  #setStop(to: HTMLElement | null): void {
    if (!to?.classList.contains("thumb")) return;
    if (this.#stop) this.#stop.tabIndex = -1;
    to.tabIndex = 0;
    this.#stop = to;
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains("thumb")) return;
    const next = this.#after(Number(event.target.dataset.index), event.key);
    if (next === undefined) return;
    // The notebook has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
    if (next !== null) this.focus(next);
  }

  /** The image that a key goes to; `null` where there is none further on, `undefined` for other keys. */
  #after(index: number, key: string): number | null | undefined {
    const { row, column } = this.#where.get(index)!;
    const inRow = this.#model.columns.flatMap((_, at) => this.#model.at(row, at));
    const upOrDown = (step: number) => {
      for (let at = this.#order.indexOf(row) + step; at >= 0 && at < this.#order.length; at += step) {
        const [first] = this.#model.at(this.#order[at]!, column);
        if (first !== undefined) return first;
      }
      return null;
    };
    const actions: Readonly<Record<string, () => number | null | undefined>> = {
      ArrowLeft: () => inRow[inRow.indexOf(index) - 1] ?? null,
      ArrowRight: () => inRow[inRow.indexOf(index) + 1] ?? null,
      ArrowUp: () => upOrDown(-1),
      ArrowDown: () => upOrDown(1),
      Home: () => inRow[0] ?? null,
      End: () => inRow.at(-1) ?? null,
    };
    return actions[key]?.();
  }
}

/** The range of what begins at these pixels, each up to the next, that touches the view or comes near to it. */
function inView(
  starts: readonly number[],
  from: number,
  to: number,
): { readonly first: number; readonly last: number } {
  const after = starts.findIndex((start) => start > from - beyond);
  const end = starts.findIndex((start) => start >= to + beyond);
  return { first: Math.max(0, (after < 0 ? starts.length : after) - 1), last: end < 0 ? starts.length : end };
}
