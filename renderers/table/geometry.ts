/** Height of a row in CSS pixels; all are alike, so that the place of a row is known without drawing it. */
export const rowHeight = 27;
/** Browsers lay out elements up to some 17 to 33 million pixels; taller tables are scrolled in proportion. */
const tallest = 15_000_000;
/** Narrowest (of numbers, dates and others) and widest a column is made, in CSS pixels; by hand it goes further. */
export const columnWidths = { least: 48, number: 104, date: 168, most: 340, furthest: 2000 } as const;

/** A range of rows or columns: `last` is one after the last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Where the visible part is in a column of rows that may be taller than a browser's elements can be. Short moves go pixel by pixel; long ones
 * (the scroll bar's handle, a key that jumps) go to the same share of the whole.
 */
export class ScrollMap {
  #rows = 0;
  #bar = 0;
  #top = 0;

  /** Starts at the top of this many rows. */
  reset(rows: number): void {
    this.#rows = rows;
    this.#bar = 0;
    this.#top = 0;
  }

  /** Height of the scrolled element in CSS pixels. */
  get height(): number {
    return Math.min(this.#rows * rowHeight, tallest);
  }

  /** CSS pixels by which what is drawn is moved down, so that the right rows lie in view. */
  get shift(): number {
    return this.#bar - this.#top;
  }

  /** First pixel in view, as if no height were too large. */
  get top(): number {
    return this.#top;
  }

  /** Takes the scroll position that the browser reports. */
  moved(bar: number, viewHeight: number): void {
    const full = this.#rows * rowHeight;
    const furthest = this.height - viewHeight;
    const ratio = furthest > 0 ? (full - viewHeight) / furthest : 1;
    const step = bar - this.#bar;
    if (ratio <= 1) this.#top = bar;
    else if (bar <= 0) this.#top = 0;
    else if (bar >= furthest - 1) this.#top = full - viewHeight;
    else if (Math.abs(step) > 3 * viewHeight) this.#top = bar * ratio;
    else this.#top = Math.max(0, Math.min(full - viewHeight, this.#top + step));
    this.#bar = bar;
  }

  /** The scroll position that brings a pixel of the full height to the top; take it before setting the browser's. */
  barFor(top: number, viewHeight: number): number {
    const full = this.#rows * rowHeight;
    const bounded = Math.max(0, Math.min(full - viewHeight, top));
    const furthest = this.height - viewHeight;
    const ratio = furthest > 0 ? (full - viewHeight) / furthest : 1;
    this.#bar = ratio <= 1 ? bounded : Math.round(bounded / ratio);
    this.#top = bounded;
    return this.#bar;
  }
}

/** Which rows of `count` are drawn for a view that begins at `top`: those in view and some beyond either edge. */
export function rowsInView(count: number, top: number, viewHeight: number, beyond: number): Range {
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const last = Math.min(count, Math.ceil((top + viewHeight) / rowHeight) + beyond);
  return { first: Math.min(first, last), last };
}

/** Which columns touch the view, by the left edges of all of them and the end of the last. */
export function columnsInView(edges: readonly number[], left: number, viewWidth: number, beyond: number): Range {
  const count = edges.length - 1;
  let first = 0;
  while (first < count - 1 && edges[first + 1]! <= left - beyond) first++;
  let last = first;
  while (last < count && edges[last]! < left + viewWidth + beyond) last++;
  return { first, last };
}
