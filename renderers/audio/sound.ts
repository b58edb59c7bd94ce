import { Spectrum } from "./fft.ts";

/** Recordings longer than this, in bytes of samples, are played but not drawn. */
const maxSamples = 200_000_000;

/** Decoded sound, mixed to one channel for drawing. */
export interface Sound {
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Seconds. */
  readonly duration: number;
  /** The largest absolute value, and the root of the mean square, of all channels. */
  readonly peak: number;
  readonly rms: number;
  /** The frequency with the most energy, in Hz; `undefined` for silence. */
  readonly strongest: number | undefined;
}

/** Decodes a recording at its own rate. Rejects with the reason when it cannot be decoded. */
export async function decode(bytes: Uint8Array, sampleRate: number | undefined): Promise<Sound> {
  const rate = sampleRate && sampleRate >= 3000 && sampleRate <= 384_000 ? sampleRate : 48_000;
  const context = new OfflineAudioContext(1, 1, rate);
  const buffer = await context.decodeAudioData(bytes.slice().buffer).catch(() => {
    throw new Error("its bytes are no recording that this editor can decode");
  });
  if (buffer.length * buffer.numberOfChannels > maxSamples) throw new Error("it is too long to be drawn");
  const samples = new Float32Array(buffer.length);
  let [peak, squares] = [0, 0];
  for (let c = 0; c < buffer.numberOfChannels; c++) {
    const channel = buffer.getChannelData(c);
    for (let i = 0; i < channel.length; i++) {
      const value = channel[i]!;
      samples[i]! += value / buffer.numberOfChannels;
      if (Math.abs(value) > peak) peak = Math.abs(value);
      squares += value * value;
    }
  }
  const rms = Math.sqrt(squares / Math.max(1, buffer.length * buffer.numberOfChannels));
  const { sampleRate: own, duration } = buffer;
  return { samples, sampleRate: own, duration, peak, rms, strongest: strongest(samples, own) };
}

/** The frequency with the most energy over at most 200 places, in Hz; `undefined` for silence. */
export function strongest(samples: Float32Array, sampleRate: number): number | undefined {
  const spectrum = new Spectrum(4096);
  const energy = new Float64Array(spectrum.size / 2 + 1);
  const places = Math.min(200, Math.max(1, Math.floor(samples.length / spectrum.size)));
  for (let place = 0; place < places; place++) {
    const magnitudes = spectrum.at(samples, ((place + 0.5) * samples.length) / places);
    for (let i = 2; i < magnitudes.length; i++) energy[i]! += magnitudes[i]! ** 2;
  }
  let best = 0;
  for (let i = 1; i < energy.length; i++) if (energy[i]! > energy[best]!) best = i;
  if (!(energy[best]! > 1e-10)) return undefined;
  // A parabola through the peak and its neighbours, in decibels, finds the place between the bins.
  const [left, middle, right] = [-1, 0, 1].map((by) => Math.log((energy[best + by] ?? 0) + 1e-12)) as [
    number,
    number,
    number,
  ];
  const curve = left - 2 * middle + right;
  const between = curve < 0 ? (left - right) / (2 * curve) : 0;
  return ((best + Math.max(-0.5, Math.min(0.5, between))) * sampleRate) / spectrum.size;
}

/** Decibels relative to full scale. */
export function decibels(amplitude: number): string {
  return amplitude > 1e-6 ? `${(20 * Math.log10(amplitude)).toFixed(1)} dB` : "silent";
}
