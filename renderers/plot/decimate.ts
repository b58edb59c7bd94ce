import type { Trace } from "./trace.ts";

/** Traces of up to so many points are drawn whole. */
export const wholeUpTo = 5000;

/** The part of the x axis that is seen, in the axis's own numbers. */
export type Span = readonly [low: number, high: number];

/** A trace with fewer points, and how many it has of how many. */
export interface Thinned {
  readonly trace: Trace;
  readonly drawn: number;
  readonly of: number;
}

/**
 * Leaves out points of a long line that could not be told apart on the screen: of each of `columns` stretches of equal width, over all and again over
 * the part that is seen, stay the first, the least, the greatest and the last point, so no peak is lost and zooming in brings every point back
 * (M4: Jugel et al. 2014). Undefined where a trace is short, or no line over growing numbers.
 */
export function thinLine(trace: Trace, columns: number, seen: Span | undefined): Thinned | undefined {
  const { y, x } = trace;
  if (trace.type !== undefined && trace.type !== "scatter") return undefined;
  if (!Array.isArray(y) || y.length <= wholeUpTo || !String(trace.mode ?? "lines").includes("lines")) return undefined;
  const at = growing(x, y.length);
  if (!at) return undefined;
  const kept = new Set<number>([0, y.length - 1]);
  extremes(y, at, at(0), at(y.length - 1), columns, kept);
  if (seen) {
    const [low, high] = seen[0] <= seen[1] ? seen : [seen[1], seen[0]];
    extremes(y, at, low, high, columns, kept);
  }
  const order = [...kept].sort((a, b) => a - b);
  return { trace: withPoints(trace, order, y.length), drawn: order.length, of: y.length };
}

/**
 * Leaves out markers that lie on another one: of each square of `cell` pixels one stays. Undefined where a trace is short, or has no numbers on both axes.
 */
export function thinMarkers(trace: Trace, width: number, height: number, cell = 3): Thinned | undefined {
  const { x, y } = trace;
  if (trace.type !== undefined && trace.type !== "scatter") return undefined;
  if (!Array.isArray(y) || y.length <= wholeUpTo || trace.mode !== "markers") return undefined;
  const xs = Array.isArray(x) ? x : y.map((_, i) => i);
  const [left, right] = bounds(xs);
  const [bottom, top] = bounds(y);
  if (!(right >= left) || !(top >= bottom)) return undefined;
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.max(1, Math.floor(height / cell));
  const taken = new Set<number>();
  const order: number[] = [];
  for (let i = 0; i < y.length; i++) {
    if (typeof xs[i] !== "number" || typeof y[i] !== "number") continue;
    const column = Math.floor(((xs[i] - left) / (right - left || 1)) * columns);
    const row = Math.floor(((y[i] - bottom) / (top - bottom || 1)) * rows);
    const square = column * (rows + 1) + row;
    if (taken.has(square)) continue;
    taken.add(square);
    order.push(i);
  }
  return { trace: withPoints(trace, order, y.length), drawn: order.length, of: y.length };
}

/** Reads x by position where it is absent or a list of growing numbers. */
function growing(x: unknown, length: number): ((index: number) => number) | undefined {
  if (x === undefined) return (index) => index;
  if (!Array.isArray(x) || x.length < length) return undefined;
  for (let i = 0; i < length; i++) if (typeof x[i] !== "number" || (i > 0 && x[i] < x[i - 1])) return undefined;
  return (index) => x[index];
}

function extremes(
  y: readonly unknown[],
  at: (index: number) => number,
  low: number,
  high: number,
  columns: number,
  kept: Set<number>,
): void {
  const first = firstFrom(at, y.length, low);
  const end = firstFrom(at, y.length, high, true);
  // The line goes on beyond both edges.
  if (first > 0) kept.add(first - 1);
  if (end < y.length) kept.add(end);
  const width = (high - low) / columns || 1;
  let start = first;
  while (start < end) {
    const column = Math.floor((at(start) - low) / width);
    let least = -1;
    let greatest = -1;
    let gap = -1;
    let i = start;
    for (; i < end && (i === start || Math.floor((at(i) - low) / width) === column); i++) {
      const value = y[i];
      if (typeof value !== "number") gap = i;
      else {
        if (least < 0 || value < (y[least] as number)) least = i;
        if (greatest < 0 || value > (y[greatest] as number)) greatest = i;
      }
    }
    kept.add(start).add(i - 1);
    if (least >= 0) kept.add(least).add(greatest);
    if (gap >= 0) kept.add(gap);
    start = i;
  }
}

/** The first position whose x is at least `value`, or beyond it. */
function firstFrom(at: (index: number) => number, length: number, value: number, beyond = false): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) < value || (beyond && at(middle) === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every list of the trace that has a member for each point, cut to the same points. */
function withPoints(trace: Trace, order: readonly number[], length: number): Trace {
  const cut = (value: unknown): unknown =>
    Array.isArray(value) && value.length === length ? order.map((index) => value[index]) : value;
  const entries = Object.entries(trace).map(([name, value]) => [
    name,
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([inner, list]) => [inner, cut(list)]))
      : cut(value),
  ]);
  return { x: order, ...Object.fromEntries(entries) };
}

function bounds(values: readonly unknown[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== "number") continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
