import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { Random } from "../tensor/index.ts";

/** How an interval is found by resampling. */
export interface BootstrapOptions {
  /** Number of resamples. Default 1000. */
  readonly resamples?: number;
  /** Confidence level, above 0 and below 1. Default 0.95. */
  readonly level?: number;
  /** Seed of the resampling. Default: the notebook's seed. */
  readonly seed?: number | string;
}

/** The ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** An estimate with its percentile interval. */
export interface EstimateWithInterval extends Interval {
  readonly value: number;
}

/** Options with their defaults filled in and checked. @throws AssayError `option.wrong` */
export function bootstrapSettings(options: BootstrapOptions): {
  readonly resamples: number;
  readonly level: number;
  readonly random: Random;
  readonly seed: number | string;
} {
  const { resamples = 1000, level = 0.95, seed = cellContext().seed } = options;
  if (!Number.isInteger(resamples) || resamples < 1 || resamples > 1_000_000) {
    throw problem.wrongOption("resamples", String(resamples), "a whole number from 1 to 1,000,000");
  }
  if (!(level > 0 && level < 1)) throw problem.wrongOption("level", String(level), "a number above 0 and below 1");
  return { resamples, level, seed, random: new Random(`bootstrap/${seed}`) };
}

/** The part of a resample that each of `n` samples has: how often it was drawn, with replacement. */
export function resampleCounts(n: number, random: Random): Float64Array {
  const counts = new Float64Array(n);
  for (let i = 0; i < n; i++) counts[random.int(n)]! += 1;
  return counts;
}

/** The percentile interval of resampled statistics (Efron and Tibshirani 1993, chapter 13). */
export function percentileInterval(statistics: readonly number[], level: number): Interval {
  const sorted = Float64Array.from(statistics).sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2), level };
}

/** A quantile of sorted numbers by linear interpolation (Hyndman and Fan 1996, type 7). NaN where there are none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

/** The mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The mean of values with its percentile bootstrap interval. */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions = {}): EstimateWithInterval {
  const { resamples, level, random } = bootstrapSettings(options);
  const statistics = Array.from({ length: resamples }, () => resampledMean(values, random));
  return { value: mean(values), ...percentileInterval(statistics, level) };
}

/**
 * The difference of two means, a − b, with its percentile bootstrap interval. `paired`: the i-th value of both belongs to the same
 * prompt and seed, so pairs are resampled. An interval that does not contain 0 is a difference.
 */
export function bootstrapDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions & { readonly paired?: boolean } = {},
): EstimateWithInterval {
  if (options.paired) {
    if (a.length !== b.length)
      throw problem.wrongOption(
        "paired",
        `true for ${a.length} and ${b.length} values`,
        "used with as many values on both sides",
      );
    return bootstrapMean(
      Array.from(a, (value, i) => value - b[i]!),
      options,
    );
  }
  const { resamples, level, random } = bootstrapSettings(options);
  const statistics = Array.from({ length: resamples }, () => resampledMean(a, random) - resampledMean(b, random));
  return { value: mean(a) - mean(b), ...percentileInterval(statistics, level) };
}

function resampledMean(values: ArrayLike<number>, random: Random): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[random.int(values.length)]!;
  return sum / values.length;
}
