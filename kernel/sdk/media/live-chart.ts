import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { nextDisplayId } from "../values/display-id.ts";
import { type LineChartOptions, lineChartBundle, movingAverage, type Series } from "./chart.ts";
import { thinned } from "./chart-svg.ts";

export interface LiveChartOptions extends Omit<LineChartOptions, "live"> {
  /** Which value of a push is the place on the x axis. Default "step"; pushes without it are counted from 1. */
  readonly x?: string;
}

/** A chart that grows while a cell runs. */
export interface LiveChart {
  /**
   * Adds a point to each series that is named: `chart.push({ step, loss })`. Cheap to call often: at most five updates a second leave the cell,
   * and the last state always does. What is not finite leaves a gap.
   *
   * @throws AssayError `option.invalid` where a value is no number
   */
  push(values: Readonly<Record<string, number>>): void;
  /** Shows what was pushed, now. Not needed at the end of a cell, which waits for the last state. */
  flush(): void;
  /** All points so far, also those that the notebook does not keep. */
  readonly series: readonly Series[];
}

/** Milliseconds between two updates that leave the cell. */
const interval = 200;
/** Making and sending an update takes at most this part of the time. */
const share = 0.05;
/** The notebook keeps up to so many points of a series; of longer ones the extremes. */
const mostPoints = 5000;

interface Growing {
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
}

/** Shows a chart in the running cell that pushes extend in place. Its last state is what the record and the notebook keep. */
export function liveChart(options: LiveChartOptions = {}): LiveChart {
  const { x: place = "step", ...look } = options;
  const context = cellContext();
  const displayId = nextDisplayId("chart", context);
  const series = new Map<string, Growing>();
  let count = 0;
  let due = 0;
  let pending: { readonly timer: ReturnType<typeof setTimeout>; readonly shown: () => void } | undefined;

  const send = (update: boolean) => {
    const started = performance.now();
    const data = bundle([...series.values()], { xLabel: place, ...look });
    context.emit({ type: "display", data, displayId, ...(update ? { update } : {}) });
    const now = performance.now();
    due = now + Math.max(interval, (now - started) / share);
  };
  const flush = () => {
    if (!pending) return;
    clearTimeout(pending.timer);
    const { shown } = pending;
    pending = undefined;
    send(true);
    shown();
  };
  const soon = () => {
    if (pending) {
      // A loop that never rests runs no timers.
      if (performance.now() >= due) flush();
      return;
    }
    let shown = () => {};
    context.settle?.(new Promise<void>((resolve) => (shown = resolve)));
    const wait = Math.max(0, due - performance.now());
    pending = { timer: setTimeout(flush, wait), shown };
    if (wait === 0) flush();
  };

  send(false);
  return {
    push(values) {
      count++;
      const points = checked(values);
      const at = points.find(([name]) => name === place)?.[1] ?? count;
      for (const [name, y] of points) {
        if (name === place) continue;
        const one = series.get(name) ?? { name, x: [], y: [] };
        series.set(name, one);
        one.x.push(at);
        one.y.push(y);
      }
      soon();
    },
    flush,
    get series() {
      return [...series.values()];
    },
  };
}

function checked(values: unknown): [string, number][] {
  if (typeof values !== "object" || values === null)
    throw problem.invalidOption("chart.push", "values", String(values), "it is no object", "Give { step, loss }");
  const points = Object.entries(values);
  for (const [name, value] of points) {
    if (typeof value !== "number")
      throw problem.invalidOption(
        "chart.push",
        name,
        typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value,
        "it is no number",
        "Give numbers only; leave out what has no value at this step",
      );
  }
  return points;
}

function bundle(all: readonly Growing[], options: LineChartOptions) {
  const smooth = options.smooth ?? 0;
  const series = all.map(({ name, x, y }) => {
    const smoothed = smooth > 0 ? { smoothed: movingAverage(y, smooth) } : {};
    if (y.length <= mostPoints) return { name, x, y, ...smoothed };
    const kept = thinned(y, mostPoints);
    const of = (values: readonly number[]) => kept.map((i) => values[i]!);
    return { name, x: of(x), y: of(y), ...(smoothed.smoothed ? { smoothed: of(smoothed.smoothed) } : {}) };
  });
  const longest = all.reduce((most, { y }) => Math.max(most, y.length), 0);
  const note =
    longest > mostPoints
      ? `The notebook keeps the least and greatest of each stretch: up to ${mostPoints.toLocaleString("en-US")} of ${longest.toLocaleString("en-US")} points of a series.`
      : undefined;
  return lineChartBundle(series, { ...options, live: true }, note);
}
