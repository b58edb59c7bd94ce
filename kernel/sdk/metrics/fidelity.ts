import { problem } from "../errors.ts";
import type { Pixels } from "../media/index.ts";

/** Which samples are compared: red, green and blue, or the luma of ITU-R BT.601 rounded to 8 bits, as Pillow converts to "L". */
export type Channels = "rgb" | "grey";

export interface FidelityOptions {
  /** Default "rgb": all samples together for PSNR, the mean of the channels for SSIM. */
  readonly channels?: Channels;
}

/** Peak signal-to-noise ratio in decibels, 10·log₁₀(255²/MSE); Infinity for equal pictures. @throws AssayError on different sizes. */
export function psnr(a: Pixels, b: Pixels, { channels = "rgb" }: FidelityOptions = {}): number {
  const [x, y] = planesOf(a, b, channels);
  let sum = 0;
  let count = 0;
  for (const [i, plane] of x.entries()) {
    for (let k = 0; k < plane.length; k++) sum += (plane[k]! - y[i]![k]!) ** 2;
    count += plane.length;
  }
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 * 255 * count) / sum);
}

const radius = 5;
const window = gaussian(1.5);

/**
 * Structural similarity (Wang et al. 2004): Gaussian window of σ 1.5 and 11×11 pixels, K₁ 0.01, K₂ 0.03, population covariance, the
 * mean over the map without its border of 5 pixels. Equal to scikit-image with `gaussian_weights=True, use_sample_covariance=False`.
 *
 * @throws AssayError where sizes differ or a side is below 11 pixels
 */
export function ssim(a: Pixels, b: Pixels, { channels = "rgb" }: FidelityOptions = {}): number {
  const { width, height } = a;
  if (Math.min(width, height) < 2 * radius + 1)
    throw problem.wrongOption("images", `${width}×${height} pixels`, "at least 11 pixels wide and high");
  const [x, y] = planesOf(a, b, channels);
  return x.reduce((sum, plane, i) => sum + planeSsim(plane, y[i]!, width, height), 0) / x.length;
}

function planeSsim(x: Float64Array, y: Float64Array, width: number, height: number): number {
  const blur = (plane: Float64Array) => smooth(plane, width, height);
  const [mx, my] = [blur(x), blur(y)];
  const [xx, yy, xy] = [blur(x.map((v) => v * v)), blur(y.map((v) => v * v)), blur(x.map((v, i) => v * y[i]!))];
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  let sum = 0;
  for (let row = radius; row < height - radius; row++) {
    for (let column = radius; column < width - radius; column++) {
      const i = row * width + column;
      const [ux, uy] = [mx[i]!, my[i]!];
      const [vx, vy, cov] = [xx[i]! - ux * ux, yy[i]! - uy * uy, xy[i]! - ux * uy];
      sum += ((2 * ux * uy + c1) * (2 * cov + c2)) / ((ux * ux + uy * uy + c1) * (vx + vy + c2));
    }
  }
  return sum / ((width - 2 * radius) * (height - 2 * radius));
}

function gaussian(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The separable window over rows and columns; only places whose whole window lies inside are filled. */
function smooth(plane: Float64Array, width: number, height: number): Float64Array {
  const rows = new Float64Array(plane.length);
  for (let row = 0; row < height; row++) {
    for (let column = radius; column < width - radius; column++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * plane[row * width + column + k - radius]!;
      rows[row * width + column] = sum;
    }
  }
  const out = new Float64Array(plane.length);
  for (let row = radius; row < height - radius; row++) {
    for (let column = radius; column < width - radius; column++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * rows[(row + k - radius) * width + column]!;
      out[row * width + column] = sum;
    }
  }
  return out;
}

function planesOf(a: Pixels, b: Pixels, channels: Channels): [Float64Array[], Float64Array[]] {
  if (a.width !== b.width || a.height !== b.height) {
    throw problem.wrongOption("images", `${a.width}×${a.height} and ${b.width}×${b.height} pixels`, "of one size");
  }
  return channels === "grey" ? [[grey(a)], [grey(b)]] : [colours(a), colours(b)];
}

/** Red, green and blue; grey stands for all three, alpha is not looked at. */
function colours({ width, height, channels, data }: Pixels): Float64Array[] {
  return [0, 1, 2].map((c) => {
    const from = channels === 1 ? 0 : c;
    return Float64Array.from({ length: width * height }, (_, i) => data[i * channels + from]!);
  });
}

function grey({ width, height, channels, data }: Pixels): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => {
    const at = i * channels;
    if (channels === 1) return data[at]!;
    return (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16;
  });
}
