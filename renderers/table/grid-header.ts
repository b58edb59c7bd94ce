import { h, icon } from "../mount.ts";
import { columnWidths, type Range } from "./geometry.ts";
import type { Sorting, Source } from "./model.ts";

/** What headers ask for. */
export interface HeaderEvents {
  readonly sort: (column: number) => void;
  readonly openColumn: (column: number, from: HTMLElement) => void;
  readonly resize: (column: number, width: number) => void;
  readonly fit: (column: number) => void;
  /** The focus goes down into the rows. */
  readonly leave: () => void;
}

/**
 * Column headers that stay in view: name and unit, which sort; a button for the column's summary and filter; an edge that is drawn wider or
 * narrower. One of them can be reached by Tab, the others by arrow keys.
 */
export class GridHeader {
  readonly element: HTMLElement;
  readonly #source: Source;
  readonly #events: HeaderEvents;
  readonly #row = h("tr", { role: "row", "aria-rowindex": 1 });
  readonly #cells = new Map<number, HTMLElement>();
  readonly #filtered = new Set<number>();
  #sorting: Sorting | undefined;
  #summary: ((column: number) => HTMLElement) | undefined;
  #columns: Range = { first: 0, last: 0 };
  #edges: readonly number[] = [];
  #active = 0;

  constructor(source: Source, events: HeaderEvents) {
    this.#source = source;
    this.#events = events;
    this.element = h("thead", { role: "rowgroup", onkeydown: (event: KeyboardEvent) => this.#key(event) }, this.#row);
  }

  /** Draws the headers of some columns, which begin at `edges`. */
  draw(columns: Range, edges: readonly number[], active: number): void {
    this.#columns = columns;
    this.#edges = edges;
    this.#active = Math.max(columns.first, Math.min(columns.last - 1, active));
    const cells: HTMLElement[] = [];
    for (let column = columns.first; column < columns.last; column++) {
      const cell = this.#cells.get(column) ?? this.#make(column);
      this.#cells.set(column, cell);
      cell.style.left = `${edges[column]!}px`;
      cell.style.width = `${edges[column + 1]! - edges[column]!}px`;
      cells.push(cell);
    }
    if (cells.length !== this.#row.children.length || cells.some((cell, i) => this.#row.children[i] !== cell))
      this.#row.replaceChildren(...cells);
    this.#reachable();
  }

  /** Marks the column that the rows are sorted by. */
  sorted(sorting: Sorting | undefined): void {
    this.#sorting = sorting;
    for (const [column, cell] of this.#cells) this.#mark(column, cell);
  }

  /** Marks a column whose values are filtered. */
  filtered(column: number, on: boolean): void {
    if (on) this.#filtered.add(column);
    else this.#filtered.delete(column);
    const cell = this.#cells.get(column);
    if (cell) this.#mark(column, cell);
  }

  /** Shows a summary below each name, or none. */
  summaries(make: ((column: number) => HTMLElement) | undefined): void {
    this.#summary = make;
    this.element.classList.toggle("summarised", make !== undefined);
    for (const [column, cell] of this.#cells) {
      cell.querySelector(".summary")?.remove();
      if (make) cell.append(make(column));
    }
  }

  /** Puts the focus on the name of a column. */
  focus(column: number): void {
    this.#active = column;
    this.#reachable();
    this.#cells.get(column)?.querySelector<HTMLElement>(".sort")?.focus();
  }

  #make(index: number): HTMLElement {
    const column = this.#source.columns[index]!;
    const menu = h(
      "button",
      {
        class: "column-menu",
        type: "button",
        "aria-haspopup": "dialog",
        "aria-label": `Summary and filter of ${column.name.slice(0, 80)}`,
        title: "Summary, filter, width",
        onclick: () => this.#events.openColumn(index, menu),
      },
      icon("filter"),
    );
    const cell = h(
      "th",
      { role: "columnheader", scope: "col", "aria-colindex": index + 1, class: column.right ? "right" : "" },
      h(
        "div",
        { class: "names" },
        h(
          "button",
          {
            class: "sort",
            type: "button",
            title: `${column.name.slice(0, 300)}${column.unit ? ` (${column.unit})` : ""}: sort`,
            onclick: () => this.#events.sort(index),
          },
          h("span", { class: "column-name" }, column.name.slice(0, 200)),
          column.unit && h("span", { class: "unit" }, column.unit.slice(0, 60)),
          h("span", { class: "direction" }),
        ),
        menu,
      ),
      this.#edge(index),
      this.#summary?.(index),
    );
    this.#mark(index, cell);
    return cell;
  }

  #edge(column: number): HTMLElement {
    const edge = h("span", {
      class: "edge",
      "aria-hidden": "true",
      title: "Drag to change the width, double-click to fit",
      ondblclick: () => this.#events.fit(column),
      onpointerdown: (event: PointerEvent) => {
        if (event.button !== 0) return;
        event.preventDefault();
        edge.setPointerCapture(event.pointerId);
        const start = event.clientX;
        const width = this.#edges[column + 1]! - this.#edges[column]!;
        const moved = (e: PointerEvent) => this.#events.resize(column, boundedWidth(width + e.clientX - start));
        edge.addEventListener("pointermove", moved);
        edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", moved), {
          once: true,
        });
      },
    });
    return edge;
  }

  #mark(column: number, cell: HTMLElement): void {
    const sorted = this.#sorting?.column === column ? this.#sorting : undefined;
    if (sorted) cell.setAttribute("aria-sort", sorted.descending ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
    cell.querySelector(".direction")?.replaceChildren(...(sorted ? [icon(sorted.descending ? "down" : "up")] : []));
    cell.classList.toggle("filtered", this.#filtered.has(column));
  }

  #reachable(): void {
    for (const [column, cell] of this.#cells)
      for (const button of cell.querySelectorAll("button")) button.tabIndex = column === this.#active ? 0 : -1;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") this.#events.leave();
    else if (event.key === "ArrowRight") this.focus(Math.min(this.#columns.last - 1, this.#active + 1));
    else if (event.key === "ArrowLeft") this.focus(Math.max(this.#columns.first, this.#active - 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** A width as a person may choose it. */
export function boundedWidth(width: number): number {
  return Math.max(columnWidths.least, Math.min(columnWidths.furthest, Math.round(width)));
}
