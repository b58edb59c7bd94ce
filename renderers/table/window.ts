/** The rows to draw, and the heights in CSS pixels that stand for the rest. */
export interface RowWindow {
  readonly first: number;
  /** One after the last. */
  readonly last: number;
  readonly above: number;
  readonly below: number;
}

/** Browsers lay out elements up to some 33 million pixels; above this height, rows are skipped in proportion. */
const tallest = 15_000_000;
/** Rows drawn beyond either edge. */
const margin = 12;

/** Which rows of `count` are in view. The first row is a multiple of eight, so small scrolls redraw nothing. */
export function visibleRows(count: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  const full = count * rowHeight;
  const height = Math.min(full, tallest);
  const inView = Math.ceil(viewHeight / rowHeight) + 2 * margin;
  const scale = full > height ? (full - viewHeight) / (height - viewHeight) : 1;
  const top = Math.floor((scrollTop * scale) / rowHeight) - margin;
  const first = Math.max(0, Math.min(count - inView + 8, top) & ~7);
  const last = Math.min(count, first + inView + 8);
  if (scale === 1) return { first, last, above: first * rowHeight, below: (count - last) * rowHeight };
  const drawn = (last - first) * rowHeight;
  const above = Math.min(height - drawn, Math.max(0, scrollTop - margin * rowHeight));
  return { first, last, above, below: Math.max(0, height - drawn - above) };
}
