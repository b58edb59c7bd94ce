import { problem } from "../errors.ts";

/** Sound as numbers in [-1, 1], one array a channel, all of the same length. */
export interface Samples {
  readonly channels: readonly Float32Array[];
  /** Samples per second. */
  readonly sampleRate: number;
}

/** How a sample is kept in a file: 16 bits as an integer, or 32 bits as a float without loss. */
export type SampleDepth = 16 | 32;

/**
 * A WAV file of samples. Values beyond [-1, 1] are clamped at 16 bits. The same samples give the same bytes.
 *
 * @throws AssayError `media.value` for no samples, channels of different lengths, a wrong rate, or a value that is not finite
 */
export function encodeWav({ channels, sampleRate }: Samples, depth: SampleDepth = 16): Uint8Array {
  check(channels, sampleRate);
  const frames = channels[0]!.length;
  const float = depth === 32;
  const frameBytes = channels.length * (depth / 8);
  const head = float ? 58 : 44;
  const out = new DataView(new ArrayBuffer(head + frames * frameBytes));
  const write = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) out.setUint8(at + i, text.charCodeAt(i));
  };
  write(0, "RIFF");
  out.setUint32(4, out.byteLength - 8, true);
  write(8, "WAVEfmt ");
  out.setUint32(16, float ? 18 : 16, true);
  out.setUint16(20, float ? 3 : 1, true);
  out.setUint16(22, channels.length, true);
  out.setUint32(24, sampleRate, true);
  out.setUint32(28, sampleRate * frameBytes, true);
  out.setUint16(32, frameBytes, true);
  out.setUint16(34, depth, true);
  if (float) {
    write(38, "fact");
    out.setUint32(42, 4, true);
    out.setUint32(46, frames, true);
  }
  write(head - 8, "data");
  out.setUint32(head - 4, frames * frameBytes, true);
  for (let c = 0; c < channels.length; c++) {
    const samples = channels[c]!;
    for (let i = 0; i < frames; i++) {
      const value = samples[i]!;
      if (!Number.isFinite(value)) {
        const reason = `sample ${i} of channel ${c} is ${value}`;
        throw problem.mediaValue("audio samples", reason, "Give finite numbers between -1 and 1");
      }
      const at = head + i * frameBytes + c * (depth / 8);
      if (float) out.setFloat32(at, value, true);
      else out.setInt16(at, Math.round(Math.max(-1, Math.min(1, value)) * 32_767), true);
    }
  }
  return new Uint8Array(out.buffer);
}

function check(channels: readonly Float32Array[], sampleRate: number): void {
  const first = channels[0];
  if (!first || first.length === 0)
    throw problem.mediaValue("audio samples", "there are none", "Give a Float32Array with at least one sample");
  if (channels.some((channel) => channel.length !== first.length)) {
    const lengths = channels.map((channel) => channel.length).join(" and ");
    throw problem.mediaValue("audio samples", `the channels have ${lengths} samples`, "Give channels of one length");
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > 768_000) {
    const remedy = "Give the samples per second as a whole number, such as 24000";
    throw problem.mediaValue(`sample rate ${sampleRate}`, "it is no whole number from 1 to 768000", remedy);
  }
}

/** The samples of a WAV file of integers (8, 16, 24, 32 bits) or floats (32, 64 bits); `undefined` for any other coding. */
export function decodeWav(bytes: Uint8Array): Samples | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: { code: number; channels: number; sampleRate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const id = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (id === "fmt " && body + 16 <= view.byteLength) {
      const code = view.getUint16(body, true);
      format = {
        // The extensible form keeps the true code further on.
        code: code === 0xfffe && size >= 26 && body + 26 <= view.byteLength ? view.getUint16(body + 24, true) : code,
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        bits: view.getUint16(body + 14, true),
      };
    } else if (id === "data" && format) {
      const get = reader(view, format.code, format.bits);
      if (!get || format.channels === 0) return undefined;
      const step = format.bits / 8;
      const frames = Math.floor(Math.min(size, view.byteLength - body) / (step * format.channels));
      const channels = Array.from({ length: format.channels }, (_, c) =>
        Float32Array.from({ length: frames }, (_, i) => get(body + (i * format!.channels + c) * step)),
      );
      return { channels, sampleRate: format.sampleRate };
    }
    at = body + size + (size & 1);
  }
  return undefined;
}

function reader(view: DataView, code: number, bits: number): ((at: number) => number) | undefined {
  if (code === 3 && bits === 32) return (at) => view.getFloat32(at, true);
  if (code === 3 && bits === 64) return (at) => view.getFloat64(at, true);
  if (code !== 1) return undefined;
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 32_768;
  if (bits === 24) return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608;
  if (bits === 32) return (at) => view.getInt32(at, true) / 2_147_483_648;
  return undefined;
}
