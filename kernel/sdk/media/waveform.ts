import { encodePng } from "./png.ts";
import type { Samples } from "./wav.ts";

const width = 480;
const height = 72;
/** Readable on white and on near-black. */
const ink = [0x3b, 0x82, 0xc4] as const;

/** A picture of the lowest and highest sample in each column, for the fallback of a recording. Transparent around the wave. */
export function waveformPng(samples: Samples | undefined): Uint8Array | undefined {
  const length = samples?.channels[0]?.length ?? 0;
  if (!samples || length === 0) return undefined;
  const data = new Uint8Array(width * height * 4);
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * length) / width));
    let [low, high] = [1, -1];
    for (const channel of samples.channels) {
      for (let i = from; i < to && i < length; i++) {
        low = Math.min(low, channel[i]!);
        high = Math.max(high, channel[i]!);
      }
    }
    const row = (value: number) => Math.round((1 - Math.max(-1, Math.min(1, value))) * 0.5 * (height - 1));
    for (let y = row(high); y <= row(low); y++) data.set([...ink, 255], (y * width + x) * 4);
  }
  return encodePng({ width, height, channels: 4, data });
}
