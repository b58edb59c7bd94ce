import { problem } from "../errors.ts";
import {
  defaultEncoder,
  encodeSamples,
  type FeatureEncoder,
  type Features,
  type Samples,
  sameSpace,
  spaceName,
} from "./features.ts";
import { Measure, measured } from "./measure.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

export interface FrechetOptions {
  /** Default: the embedded tiny-clip. */
  readonly encoder?: FeatureEncoder;
  readonly label?: string;
}

/**
 * Fréchet distance of two sets of features read as Gaussians, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2√(Σ₁Σ₂)) (Heusel et al. 2017), with
 * sample covariances. It is the FID's formula in another feature space, so it is not called FID. Biased upwards on few samples: use
 * {@link kid} below some thousands.
 */
export async function frechet(a: Samples, b: Samples, options: FrechetOptions = {}): Promise<Measure> {
  const encoder = () => options.encoder ?? defaultEncoder();
  const x = await encodeSamples(a, encoder);
  const y = await encodeSamples(b, encoder);
  sameSpace(x, y);
  if (x.rows < 2 || y.rows < 2)
    throw problem.wrongOption("samples", `${x.rows} and ${y.rows}`, "at least two on each side");
  const facts = { ...(options.label === undefined ? {} : { label: options.label }), n: x.rows, m: y.rows };
  return measured(new Measure({ name: `Fréchet distance${spaceName(x)}`, value: frechetDistance(x, y), facts }));
}

/** The distance itself. */
export function frechetDistance(x: Features, y: Features): number {
  const d = x.columns;
  const [mx, my] = [columnMeans(x), columnMeans(y)];
  const [sx, sy] = [covariance(x, mx), covariance(y, my)];
  const root = squareRoot(sx, d);
  const { values } = symmetricEigen(product(product(root, sy, d), root, d), d);
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += (mx[i]! - my[i]!) ** 2 + sx[i * d + i]! + sy[i * d + i]! - 2 * Math.sqrt(Math.max(0, values[i]!));
  }
  return Math.max(0, distance);
}

function columnMeans({ rows, columns, data }: Features): Float64Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sums[j]! += data[i * columns + j]!;
  return sums.map((sum) => sum / rows);
}

function covariance({ rows, columns: d, data }: Features, means: Float64Array): Float64Array {
  const out = new Float64Array(d * d);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < d; i++) {
      const centred = data[row * d + i]! - means[i]!;
      for (let j = i; j < d; j++) out[i * d + j]! += centred * (data[row * d + j]! - means[j]!);
    }
  }
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      out[i * d + j]! /= rows - 1;
      out[j * d + i] = out[i * d + j]!;
    }
  }
  return out;
}

function squareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const scaled = vectors.map((value, at) => value * Math.sqrt(Math.max(0, values[at % n]!)));
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += scaled[i * n + k]! * vectors[j * n + k]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += factor * b[k * n + j]!;
    }
  }
  return out;
}
