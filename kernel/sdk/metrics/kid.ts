import { problem } from "../errors.ts";
import {
  defaultEncoder,
  type EncodedSamples,
  encodeSamples,
  type FeatureEncoder,
  type Features,
  type Samples,
  sameSpace,
  spaceName,
} from "./features.ts";
import { Measure, measured } from "./measure.ts";
import { type BootstrapOptions, bootstrapSettings, percentileInterval, resampleCounts } from "./statistics.ts";

export interface KidOptions extends BootstrapOptions {
  /** Default: the embedded tiny-clip. */
  readonly encoder?: FeatureEncoder;
  /** What the value is called in tables and records, for example the mode. */
  readonly label?: string;
}

/**
 * Kernel Inception Distance (Bińkowski et al. 2018): the unbiased squared maximum mean discrepancy under (x·y/d + 1)³, in the
 * feature space of the encoder, with a bootstrap interval over both samples. 0 for equal distributions, and around it, below too,
 * for finite samples of them. Values of different encoders do not compare.
 *
 * @param a, b pictures or feature vectors, at least two each
 */
export async function kid(a: Samples, b: Samples, options: KidOptions = {}): Promise<Measure> {
  const encoder = once(options.encoder);
  const x = await encodeSamples(a, encoder);
  const y = await encodeSamples(b, encoder);
  const parts = kernels(x, y);
  const { resamples, level, random, seed } = bootstrapSettings(options);
  const statistics = Array.from({ length: resamples }, () =>
    statistic(parts, resampleCounts(x.rows, random), resampleCounts(y.rows, random)),
  );
  return measured(
    new Measure({
      name: `KID${spaceName(x)}`,
      value: statistic(parts, ones(x.rows), ones(y.rows)),
      ...percentileInterval(statistics, level),
      facts: { ...labelled(options), n: x.rows, m: y.rows, resamples, seed },
    }),
  );
}

/**
 * How much nearer `a` is to the reference than `b`: KID(a, reference) − KID(b, reference), the reference resampled once for both.
 * An interval below 0 says that `a` is nearer.
 */
export async function kidDifference(
  a: Samples,
  b: Samples,
  reference: Samples,
  options: KidOptions = {},
): Promise<Measure> {
  const encoder = once(options.encoder);
  const [x, y, z] = [
    await encodeSamples(a, encoder),
    await encodeSamples(b, encoder),
    await encodeSamples(reference, encoder),
  ];
  const [first, second] = [kernels(x, z), kernels(y, z)];
  const { resamples, level, random, seed } = bootstrapSettings(options);
  const statistics = Array.from({ length: resamples }, () => {
    const shared = resampleCounts(z.rows, random);
    return (
      statistic(first, resampleCounts(x.rows, random), shared) -
      statistic(second, resampleCounts(y.rows, random), shared)
    );
  });
  const all = ones(z.rows);
  return measured(
    new Measure({
      name: `KID difference${spaceName(x)}`,
      value: statistic(first, ones(x.rows), all) - statistic(second, ones(y.rows), all),
      ...percentileInterval(statistics, level),
      facts: { ...labelled(options), n: x.rows, m: y.rows, reference: z.rows, resamples, seed },
    }),
  );
}

/** The encoder of the options, or the default, opened when it is first needed. */
function once(given: FeatureEncoder | undefined): () => FeatureEncoder {
  let encoder = given;
  return () => {
    encoder ??= defaultEncoder();
    return encoder;
  };
}

function labelled({ label }: KidOptions): { readonly label?: string } {
  return label === undefined ? {} : { label };
}

interface Kernels {
  readonly xx: Float64Array;
  readonly yy: Float64Array;
  readonly xy: Float64Array;
}

function kernels(x: EncodedSamples, y: EncodedSamples): Kernels {
  sameSpace(x, y);
  if (x.rows < 2 || y.rows < 2)
    throw problem.wrongOption("samples", `${x.rows} and ${y.rows}`, "at least two on each side");
  return { xx: kernel(x, x), yy: kernel(y, y), xy: kernel(x, y) };
}

/** k(x, y) = (x·y/d + 1)³ of every pair, row-major. */
function kernel(x: Features, y: Features): Float64Array {
  const d = x.columns;
  const out = new Float64Array(x.rows * y.rows);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < y.rows; j++) {
      let dot = 0;
      for (let c = 0; c < d; c++) dot += x.data[i * d + c]! * y.data[j * d + c]!;
      out[i * y.rows + j] = (dot / d + 1) ** 3;
    }
  }
  return out;
}

/**
 * The unbiased estimate where sample i stands so many times in the resample. Pairs of a sample with its own copies are left out on
 * both sides of the mean: they would pull every resample upwards.
 */
function statistic({ xx, yy, xy }: Kernels, a: Float64Array, b: Float64Array): number {
  return within(xx, a) + within(yy, b) - 2 * between(xy, a, b);
}

function within(kernel: Float64Array, counts: Float64Array): number {
  const n = counts.length;
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    const weight = counts[i]!;
    if (weight === 0) continue;
    let row = 0;
    for (let j = 0; j < n; j++) if (j !== i) row += counts[j]! * kernel[i * n + j]!;
    sum += weight * row;
    pairs += weight * (n - weight);
  }
  return pairs === 0 ? kernel[0]! : sum / pairs;
}

function between(kernel: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const weight = a[i]!;
    if (weight === 0) continue;
    let row = 0;
    for (let j = 0; j < b.length; j++) row += b[j]! * kernel[i * b.length + j]!;
    sum += weight * row;
  }
  return sum / (a.length * b.length);
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}
