import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { PICTURE_BYTES, PICTURE_SIZE } from "./corpus.ts";

const PLANE = PICTURE_SIZE * PICTURE_SIZE;

/** Chosen pictures as a tensor [B, 3, 64, 64] in −1…1. */
export function pictureBatch(pixels: Uint8Array, indices: readonly number[]): Tensor<"float32"> {
  const data = new Float32Array(indices.length * PICTURE_BYTES);
  for (const [row, index] of indices.entries()) {
    const from = index * PICTURE_BYTES;
    const to = row * PICTURE_BYTES;
    for (let at = 0; at < PLANE; at++) {
      for (let c = 0; c < 3; c++) data[to + c * PLANE + at] = pixels[from + at * 3 + c]! / 127.5 - 1;
    }
  }
  return new Tensor("float32", [indices.length, 3, PICTURE_SIZE, PICTURE_SIZE], data);
}

/** Pictures of a tensor [B, 3, 64, 64] in −1…1 as bytes, one after another. */
export function batchPixels(tensor: Tensor): Uint8Array {
  const data = tensor.data as Float32Array;
  const count = tensor.dims[0]!;
  const pixels = new Uint8Array(count * PICTURE_BYTES);
  for (let picture = 0; picture < count; picture++) {
    const base = picture * PICTURE_BYTES;
    for (let at = 0; at < PLANE; at++) {
      for (let c = 0; c < 3; c++) {
        const value = Math.round((data[base + c * PLANE + at]! + 1) * 127.5);
        pixels[base + at * 3 + c] = Math.max(0, Math.min(255, value));
      }
    }
  }
  return pixels;
}

/** Numbers 0…count−1 in runs of at most `size`. */
export function* chunks(count: number, size: number): Generator<number[]> {
  for (let from = 0; from < count; from += size) {
    yield Array.from({ length: Math.min(size, count - from) }, (_, i) => from + i);
  }
}
