import { problem } from "../errors.ts";
import type { Image } from "../media/index.ts";
import { featureEncoder } from "../models/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** What points pictures and texts into one space. `models.featureEncoder(id)` makes one. */
export interface FeatureEncoder {
  /** The model's id; metrics carry it in their name, because values of different encoders do not compare. */
  readonly id: string;
  /** Unit vectors of pictures, [n, d]. */
  images(images: readonly Image[]): Promise<Tensor<"float32">>;
  /** Unit vectors of texts, [n, d]. */
  texts(texts: readonly string[]): Promise<Tensor<"float32">>;
}

/** Feature vectors, one a row. */
export interface Features {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly data: ArrayLike<number>;
}

/** Pictures, or feature vectors computed elsewhere. */
export type Samples = readonly Image[] | Features | Tensor<"float32"> | readonly (readonly number[])[];

/** Features with the name of the space they live in. */
export interface EncodedSamples extends Features {
  /** The encoder's id; null for features computed elsewhere. */
  readonly encoder: string | null;
}

/** The encoder that is used when none is given. */
export function defaultEncoder(): FeatureEncoder {
  return featureEncoder();
}

/**
 * Features of samples. Those of pictures are the encoder's unit vectors times √d, so that a component has about unit size, as in the
 * feature spaces that KID and FID were made for. @throws AssayError `option.wrong` where rows differ in length or there are none.
 */
export async function encodeSamples(samples: Samples, encoder: () => FeatureEncoder): Promise<EncodedSamples> {
  if ("dims" in samples)
    return checked({ rows: samples.dims[0] ?? 0, columns: samples.dims[1] ?? 0, data: samples.data, encoder: null });
  if ("columns" in samples) return checked({ ...samples, encoder: null });
  if (isVectors(samples)) {
    const columns = samples[0]?.length ?? 0;
    if (samples.some((row) => row.length !== columns))
      throw problem.wrongOption("features", "rows of different lengths", "rows of one length");
    return checked({ rows: samples.length, columns, data: Float64Array.from(samples.flat()), encoder: null });
  }
  const chosen = encoder();
  const { dims, data } = await chosen.images(samples);
  const columns = dims[1] ?? 0;
  const scale = Math.sqrt(columns);
  return checked({
    rows: samples.length,
    columns,
    data: Float64Array.from(data, (value) => value * scale),
    encoder: chosen.id,
  });
}

function isVectors(
  samples: readonly Image[] | readonly (readonly number[])[],
): samples is readonly (readonly number[])[] {
  return Array.isArray(samples[0]);
}

function checked(features: EncodedSamples): EncodedSamples {
  const { rows, columns, data } = features;
  if (rows < 1 || columns < 1 || data.length !== rows * columns) {
    throw problem.wrongOption(
      "samples",
      `${data.length} numbers for ${rows} rows of ${columns}`,
      "at least one picture or feature vector",
    );
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!))
      throw problem.wrongOption("samples", "features that are not finite", "finite numbers");
  }
  return features;
}

/** Both sides of a comparison must have features of one length. @throws AssayError `option.wrong` */
export function sameSpace(a: Features, b: Features): void {
  if (a.columns !== b.columns)
    throw problem.wrongOption("samples", `features of lengths ${a.columns} and ${b.columns}`, "features of one length");
}

/** "(tiny-clip features)", or "" for features computed elsewhere. */
export function spaceName({ encoder }: EncodedSamples): string {
  return encoder === null ? "" : ` (${encoder} features)`;
}
