import { formatCount, numberFormat } from "../mount.ts";
import { isNamed, type Trace, traceName, valuesOf } from "./trace.ts";

/** A series in numbers. */
export interface Summary {
  /** Position of its trace in the figure. */
  readonly index: number;
  readonly name: string;
  readonly points: number;
  /** Not set where there is no number. */
  readonly last?: number;
  readonly least?: number;
  readonly greatest?: number;
}

/** Name, number of points, last, least and greatest value of each series that people read. */
export function summaries(data: readonly Trace[]): Summary[] {
  return data.flatMap((trace, index) => {
    if (!isNamed(trace)) return [];
    const values = valuesOf(trace);
    let last: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      if (typeof value !== "number") continue;
      last = value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    const name = traceName(trace, index);
    return [{ index, name, points: values.length, ...(last === undefined ? {} : { last, least, greatest }) }];
  });
}

/** The chart in words, for those who cannot see it. */
export function describe(title: string | undefined, series: readonly Summary[]): string {
  const shown = series.slice(0, 12).map(inWords);
  const more = series.length - shown.length;
  const parts = [...shown, ...(more > 0 ? [`and ${formatCount(more)} more series`] : [])];
  return `${title || "Chart"}${parts.length > 0 ? `: ${parts.join("; ")}` : ", without data"}`;
}

function inWords({ name, points, last, least, greatest }: Summary): string {
  const count = `${name}, ${formatCount(points)} ${points === 1 ? "point" : "points"}`;
  if (last === undefined || least === undefined || greatest === undefined) return count;
  const format = numberFormat([last, least, greatest]);
  return `${count}, last ${format(last)}, least ${format(least)}, greatest ${format(greatest)}`;
}
