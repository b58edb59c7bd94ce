import { seriesColours } from "../../protocol/series-colours.ts";
import { escapeHtml, ink } from "./html.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { formatNumber } from "./table.ts";

interface Line {
  readonly name: string;
  readonly y: ArrayLike<number>;
  readonly x?: ArrayLike<number>;
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  /** Drawn in front of the faint measured line. */
  readonly smoothed?: ArrayLike<number>;
}

interface Point {
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ChartSvgOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly logY?: boolean;
  readonly points?: readonly Point[];
  /** Names along the x axis instead of numbers: one for each whole x from 0. */
  readonly categories?: readonly string[];
}

const size = { width: 640, height: 320 };
const plot = { left: 64, right: 624, bottom: 272 };
/** Lines of more points are thinned to the extremes of so many stretches. */
const maxPoints = 600;

/** A line chart as one SVG picture: axes, ticks, legend, in colours for light and dark. */
export function chartSvg(lines: readonly Line[], options: ChartSvgOptions): string {
  const top = 16 + (options.title ? 22 : 0) + (lines.length > 1 ? 20 : 0);
  const usable = (value: number) => Number.isFinite(value) && (!options.logY || value > 0);
  const points = options.points ?? [];
  const xs = [
    ...lines.flatMap((line) => ends(xOf(line))),
    ...(options.categories ? [-0.5, options.categories.length - 0.5] : []),
  ];
  const ys = [
    ...lines.flatMap((line) =>
      [line.y, line.low ?? [], line.high ?? []].flatMap((values) => ends(Array.from(values).filter(usable))),
    ),
    ...points.flatMap(({ value, low, high }) => [value, low, high].filter(usable)),
  ];
  const [yLow, yHigh] = padded(ys, options.logY ?? false);
  const x = linearScale(least(xs, 0), most(xs, 1), plot.left, plot.right, 8);
  const y = options.logY ? logScale(yLow, yHigh, plot.bottom, top) : linearScale(yLow, yHigh, plot.bottom, top);
  const body = [
    axes(x, y, top, options),
    ...lines.map((line, i) => drawLine(line, x, y, seriesColours[i % seriesColours.length]!, usable)),
    ...points.map((point, i) => drawPoint(point, x, y, seriesColours[i % seriesColours.length]!)),
    lines.length > 1 ? legend(lines, top - 16) : "",
  ];
  const label = [options.title ?? "chart", ...lines.map(({ name }) => name)].join(", ");
  const title = options.title
    ? `<text x="${plot.left}" y="20" font-size="14" font-weight="600">${escapeHtml(options.title)}</text>`
    : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${escapeHtml(label)}" font-family="system-ui,sans-serif" font-size="11" fill="${ink.muted}" style="max-width:100%;height:auto;fill:var(--vscode-editor-foreground,${ink.muted})">${title}${body.join("")}</svg>`;
}

function xOf({ x, y }: Line): ArrayLike<number> {
  return x ?? Array.from(y, (_, i) => i);
}

function ends(values: ArrayLike<number>): number[] {
  const finite = Array.from(values).filter(Number.isFinite);
  return finite.length === 0 ? [] : [least(finite, 0), most(finite, 0)];
}

function least(values: readonly number[], otherwise: number): number {
  return values.length === 0 ? otherwise : values.reduce((a, b) => Math.min(a, b));
}

function most(values: readonly number[], otherwise: number): number {
  return values.length === 0 ? otherwise : values.reduce((a, b) => Math.max(a, b));
}

function padded(values: readonly number[], log: boolean): [number, number] {
  const low = least(values, log ? 0.1 : 0);
  const high = most(values, 1);
  if (log) return [low * 0.95, high * 1.05];
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low >= 0 && low < high * 0.3 ? 0 : low - margin, high + margin];
}

function axes(x: Scale, y: Scale, top: number, { xLabel, yLabel, categories }: ChartSvgOptions): string {
  const rows = y.ticks.map((tick) => {
    const at = round(y.at(tick));
    return `<line x1="${plot.left}" x2="${plot.right}" y1="${at}" y2="${at}" stroke="${ink.muted}" stroke-opacity=".2"/><text x="${plot.left - 8}" y="${at + 4}" text-anchor="end">${formatNumber(tick)}</text>`;
  });
  const names = categories
    ? categories.map((name, i) => ({ at: i, name }))
    : x.ticks.map((tick) => ({ at: tick, name: formatNumber(tick) }));
  const columns = names.map(
    ({ at, name }) =>
      `<text x="${round(x.at(at))}" y="${plot.bottom + 16}" text-anchor="middle">${escapeHtml(name)}</text>`,
  );
  const below = xLabel
    ? `<text x="${(plot.left + plot.right) / 2}" y="${size.height - 10}" text-anchor="middle">${escapeHtml(xLabel)}</text>`
    : "";
  const middle = (plot.bottom + top) / 2;
  const beside = yLabel
    ? `<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">${escapeHtml(yLabel)}</text>`
    : "";
  const base = `<line x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}" stroke="${ink.muted}" stroke-opacity=".6"/>`;
  return [...rows, ...columns, base, below, beside].join("");
}

function drawLine(line: Line, x: Scale, y: Scale, colour: string, usable: (value: number) => boolean): string {
  const xs = xOf(line);
  const path = (values: ArrayLike<number>) => pathOf(xs, values, x, y, usable);
  const band = line.low && line.high ? bandOf(xs, line.low, line.high, x, y, usable) : "";
  const shade = band ? `<path d="${band}" fill="${colour}" fill-opacity=".18"/>` : "";
  const stroke = `fill="none" stroke="${colour}" stroke-linejoin="round"`;
  const measured = `<path d="${path(line.y)}" ${stroke} stroke-width="${line.smoothed ? 1 : 1.8}"${line.smoothed ? ' stroke-opacity=".35"' : ""}/>`;
  const front = line.smoothed ? `<path d="${path(line.smoothed)}" ${stroke} stroke-width="1.8"/>` : "";
  return shade + measured + front;
}

function pathOf(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  x: Scale,
  y: Scale,
  usable: (value: number) => boolean,
): string {
  let path = "";
  let pen = false;
  for (const i of thinned(ys)) {
    if (!usable(ys[i]!) || !Number.isFinite(xs[i]!)) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${round(x.at(xs[i]!))} ${round(y.at(ys[i]!))}`;
    pen = true;
  }
  return path;
}

function bandOf(
  xs: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  x: Scale,
  y: Scale,
  usable: (value: number) => boolean,
): string {
  const at = Array.from(low, (_, i) => i).filter((i) => usable(low[i]!) && usable(high[i]!) && Number.isFinite(xs[i]!));
  if (at.length < 2) return "";
  const upper = at.map((i) => `${round(x.at(xs[i]!))} ${round(y.at(high[i]!))}`);
  const lower = at.reverse().map((i) => `${round(x.at(xs[i]!))} ${round(y.at(low[i]!))}`);
  return `M${[...upper, ...lower].join("L")}Z`;
}

/** The positions to keep: all where there are at most `most`, or of each stretch the least and the greatest, in order. */
export function thinned(values: ArrayLike<number>, most = maxPoints): number[] {
  if (values.length <= most) return Array.from(values, (_, i) => i);
  const stretch = (2 * values.length) / (most - 2);
  const kept = new Set([0, values.length - 1]);
  for (let start = 0; start < values.length; start += stretch) {
    const from = Math.floor(start);
    let low = from;
    let high = from;
    // What is no number gives way to the first number of its stretch.
    for (let i = from; i < Math.min(values.length, Math.floor(start + stretch)); i++) {
      if (!(values[i]! >= values[low]!) && !Number.isNaN(values[i]!)) low = i;
      if (!(values[i]! <= values[high]!) && !Number.isNaN(values[i]!)) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}

function drawPoint({ x: column, value, low, high }: Point, x: Scale, y: Scale, colour: string): string {
  if (!Number.isFinite(value)) return "";
  const at = round(x.at(column));
  const [top, bottom] = [round(y.at(high)), round(y.at(low))];
  const cap = (height: number) => `M${at - 6} ${height}h12`;
  return `<path d="M${at} ${top}V${bottom}${cap(top)}${cap(bottom)}" stroke="${colour}" stroke-width="1.6" fill="none"/><circle cx="${at}" cy="${round(y.at(value))}" r="4.5" fill="${colour}"/>`;
}

function legend(lines: readonly Line[], y: number): string {
  let x = plot.left;
  return lines
    .map(({ name }, i) => {
      const shown = name.length > 28 ? `${name.slice(0, 27)}…` : name;
      const part = `<line x1="${x}" x2="${x + 16}" y1="${y - 4}" y2="${y - 4}" stroke="${seriesColours[i % seriesColours.length]}" stroke-width="3" stroke-linecap="round"/><text x="${x + 22}" y="${y}">${escapeHtml(shown)}</text>`;
      x += 40 + shown.length * 6.2;
      return part;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
