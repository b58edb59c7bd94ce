import type { Pixels } from "./png.ts";

/** The picture at most `side` pixels wide and high, by area average; as it is when it is small enough. */
export function thumbnail(pixels: Pixels, side: number): Pixels {
  const scale = Math.max(pixels.width, pixels.height) / side;
  if (scale <= 1) return pixels;
  const width = Math.max(1, Math.round(pixels.width / scale));
  const height = Math.max(1, Math.round(pixels.height / scale));
  const { channels } = pixels;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const top = Math.floor((row * pixels.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * pixels.height) / height));
    for (let column = 0; column < width; column++) {
      const left = Math.floor((column * pixels.width) / width);
      const right = Math.max(left + 1, Math.floor(((column + 1) * pixels.width) / width));
      const at = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) data[at + c] = average(pixels, top, bottom, left, right, c);
    }
  }
  return { width, height, channels, data };
}

function average(pixels: Pixels, top: number, bottom: number, left: number, right: number, channel: number): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += pixels.data[(y * pixels.width + x) * pixels.channels + channel]!;
  }
  return Math.round(sum / ((bottom - top) * (right - left)));
}
