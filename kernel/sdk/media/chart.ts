import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { plotOutput } from "../../protocol/outputs.ts";
import { seriesColours } from "../../protocol/series-colours.ts";
import { checkOptions } from "../options.ts";
import { View } from "../values/displayable.ts";
import { chartSvg } from "./chart-svg.ts";

/** One line: `y` by `x`, or by 0, 1, 2 … where `x` is left out. What is not finite leaves a gap. */
export interface Series {
  readonly name: string;
  readonly y: ArrayLike<number>;
  readonly x?: ArrayLike<number>;
  /** Lower and upper ends of a band around the line. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
}

export interface LineChartOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Logarithmic y axis; needs positive values. Default false. */
  readonly logY?: boolean;
  /** Weight of the past in an exponential moving average, 0 to below 1; the measured line stays behind it, faint. Default 0. */
  readonly smooth?: number;
  /** The chart is one of a row of updates in place. */
  readonly live?: boolean;
}

/** A point with an interval: an estimate with what is known of its error. */
export interface Estimate {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Lines over a common x axis. */
export function lineChart(series: readonly Series[], options: LineChartOptions = {}): View {
  return new View(lineChartBundle(series, options));
}

/** A series whose moving average is known already. */
type Smoothed = Series & { readonly smoothed?: ArrayLike<number> };

/** The MIME bundle of {@link lineChart}: a Plotly figure, an SVG picture, and text. `note` says what has to be known of the data. */
export function lineChartBundle(
  series: readonly Smoothed[],
  options: LineChartOptions = {},
  note?: string,
): MimeBundle {
  const smooth = options.smooth ?? 0;
  const front = (one: Smoothed) => (smooth > 0 ? (one.smoothed ?? movingAverage(one.y, smooth)) : undefined);
  const data = series.flatMap((one, index): Record<string, unknown>[] => {
    const x = one.x ? Array.from(one.x) : Array.from(one.y, (_, i) => i);
    const y = Array.from(one.y, finite);
    const colour = seriesColours[index % seriesColours.length]!;
    const line = {
      type: "scatter",
      mode: "lines",
      name: one.name,
      x,
      y: smooth > 0 ? Array.from(front(one) ?? [], finite) : y,
      line: { color: colour },
    };
    if (smooth > 0) return [{ ...line, y, opacity: 0.3, showlegend: false, hoverinfo: "skip" }, line];
    if (!one.low || !one.high) return [line];
    const edge = { ...line, line: { color: colour, width: 0 }, showlegend: false, hoverinfo: "skip" };
    return [
      { ...edge, y: Array.from(one.low, finite) },
      { ...edge, y: Array.from(one.high, finite), fill: "tonexty", fillcolor: `${colour}33` },
      line,
    ];
  });
  const rich = checkOptions("display.lineChart", plotOutput, {
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(note === undefined ? {} : { note }),
    data,
    layout: {
      xaxis: { title: { text: options.xLabel ?? "" } },
      yaxis: { title: { text: options.yLabel ?? "" }, type: options.logY ? "log" : "linear" },
    },
    ...(options.live ? { live: true } : {}),
  });
  return {
    [assayMime("plot")]: rich,
    "image/svg+xml": chartSvg(
      series.map((one) => ({ ...one, smoothed: front(one) })),
      options,
    ),
    "text/plain": textOf(series, options.title) + (note === undefined ? "" : `\n${note}`),
  };
}

/** Estimates side by side, each a point with its interval. */
export function intervalChart(
  estimates: readonly Estimate[],
  options: Pick<LineChartOptions, "title" | "yLabel"> = {},
): View {
  const rich = checkOptions("display.lineChart", plotOutput, {
    ...(options.title === undefined ? {} : { title: options.title }),
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: estimates.map(({ label }) => label),
        y: estimates.map(({ value }) => finite(value)),
        error_y: {
          type: "data",
          symmetric: false,
          array: estimates.map(({ value, high }) => finite(high - value)),
          arrayminus: estimates.map(({ value, low }) => finite(value - low)),
        },
        marker: { size: 10, color: seriesColours[0] },
      },
    ],
    layout: { yaxis: { title: { text: options.yLabel ?? "" } } },
  });
  const points = estimates.map(({ value, low, high }, i) => ({ x: i, value, low, high }));
  const text = estimates.map(({ label, value, low, high }) => `${label}: ${value} [${low}, ${high}]`);
  return new View({
    [assayMime("plot")]: rich,
    "image/svg+xml": chartSvg([], { ...options, points, categories: estimates.map(({ label }) => label) }),
    "text/plain": [...(options.title ? [options.title] : []), ...text].join("\n"),
  });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Exponential moving average, corrected for its start (Kingma and Ba, 2015, section 3). */
export function movingAverage(values: ArrayLike<number>, weight: number): number[] {
  let sum = 0;
  let total = 0;
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return sum / total;
  });
}

function textOf(series: readonly Series[], title: string | undefined): string {
  const lines = series.map(({ name, y }) => {
    const last = y[y.length - 1];
    return `${name}: ${y.length} points${last === undefined ? "" : `, first ${y[0]}, last ${last}`}`;
  });
  return [...(title ? [title] : []), ...lines].join("\n");
}
