import { PICTURE_BYTES } from "../corpus/corpus.ts";

/** Peak signal-to-noise ratio in dB of each picture against its original (bytes, one picture after another). */
export function picturePsnr(made: Uint8Array, original: Uint8Array): number[] {
  const count = made.length / PICTURE_BYTES;
  return Array.from({ length: count }, (_, picture) => {
    let sum = 0;
    for (let i = picture * PICTURE_BYTES; i < (picture + 1) * PICTURE_BYTES; i++) sum += (made[i]! - original[i]!) ** 2;
    return 10 * Math.log10((255 * 255) / Math.max(sum / PICTURE_BYTES, 1e-9));
  });
}

/** Mean of a list. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
