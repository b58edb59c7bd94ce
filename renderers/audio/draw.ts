import { Spectrum } from "./fft.ts";
import type { Sound } from "./sound.ts";

/** The part of time that is drawn, in seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Decibels between which the colours of a spectrogram run. */
export const range = { low: -90, high: 0 } as const;

/** Colours from silence to full scale: dark to bright on dark themes, bright to dark on light ones. Each step is brighter than the one before. */
const ramps = {
  dark: ["#000004", "#231151", "#5f187f", "#982d80", "#d3436e", "#f8765c", "#febb81", "#fcfdbf"],
  light: ["#ffffff", "#e4e6f5", "#b9c3e6", "#8797d8", "#6a63bd", "#63338f", "#4d1459", "#210826"],
} as const;

/** A canvas as large as its place on screen, in device pixels, cleared. */
export function prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const ratio = Math.min(3, devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  return canvas.getContext("2d") ?? undefined;
}

/** The lowest and highest sample of each column of pixels. */
export function drawWaveform(canvas: HTMLCanvasElement, sound: Sound, span: Span, colour: string, line: string): void {
  const context = prepare(canvas);
  if (!context) return;
  const { width, height } = canvas;
  context.fillStyle = line;
  context.fillRect(0, Math.round(height / 2), width, 1);
  context.fillStyle = colour;
  const { samples, sampleRate } = sound;
  const perColumn = ((span.to - span.from) * sampleRate) / width;
  const y = (value: number) => ((1 - Math.max(-1, Math.min(1, value))) / 2) * (height - 2) + 1;
  let before = y(samples[Math.floor(span.from * sampleRate)] ?? 0);
  for (let x = 0; x < width; x++) {
    const start = Math.floor(span.from * sampleRate + x * perColumn);
    if (start >= samples.length) break;
    const end = Math.min(samples.length, Math.max(start + 1, Math.floor(start + perColumn)));
    const stride = Math.max(1, Math.floor((end - start) / 400));
    let [low, high] = [1, -1];
    for (let i = start; i < end; i += stride) {
      const value = samples[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // Columns of one sample are joined to a line.
    const top = perColumn > 2 ? y(high) : Math.min(before, y(high));
    const bottom = perColumn > 2 ? y(low) : Math.max(before, y(low));
    before = y(samples[end - 1]!);
    context.fillRect(x, top, 1, Math.max(1.2, bottom - top));
  }
}

/** Energy by time and frequency, in decibels, on the mel scale. */
export function drawSpectrogram(canvas: HTMLCanvasElement, sound: Sound, span: Span, dark: boolean): void {
  const context = prepare(canvas);
  if (!context) return;
  const { width, height } = canvas;
  const { samples, sampleRate } = sound;
  const spectrum = new Spectrum(sampleRate > 30_000 ? 2048 : 1024);
  const colours = colourTable(dark);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const bins = Array.from({ length: height + 1 }, (_, row) =>
    Math.min(spectrum.size / 2, (frequencyAt(1 - row / height, sampleRate / 2) * spectrum.size) / sampleRate),
  );
  // A column of the screen may stand for much sound: it takes the largest of a few places in it.
  const step = ((span.to - span.from) * sampleRate) / width;
  const places = Math.max(1, Math.min(4, Math.floor(step / (spectrum.size / 2))));
  const column = new Float32Array(height);
  for (let x = 0; x < width; x++) {
    const start = span.from * sampleRate + x * step;
    if (start >= samples.length) break;
    column.fill(0);
    for (let place = 0; place < places; place++) {
      const magnitudes = spectrum.at(samples, start + ((place + 0.5) * step) / places);
      for (let row = 0; row < height; row++) {
        const value = largest(magnitudes, bins[row + 1]!, bins[row]!);
        if (value > column[row]!) column[row] = value;
      }
    }
    for (let row = 0; row < height; row++) {
      const level = (20 * Math.log10(column[row]! + 1e-9) - range.low) / (range.high - range.low);
      pixels[row * width + x] = colours[Math.max(0, Math.min(255, Math.round(level * 255)))]!;
    }
  }
  context.putImageData(image, 0, 0);
}

/** The largest magnitude between two places among the bins; between bins it is interpolated. */
function largest(magnitudes: Float32Array, from: number, to: number): number {
  const first = Math.ceil(from);
  if (first > to) {
    const at = Math.floor(to);
    const share = to - at;
    return magnitudes[at]! * (1 - share) + (magnitudes[at + 1] ?? 0) * share;
  }
  let most = 0;
  for (let i = first; i <= to; i++) if (magnitudes[i]! > most) most = magnitudes[i]!;
  return most;
}

const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);

/** The frequency at a share of the height (0 at the bottom), in Hz. */
export function frequencyAt(share: number, highest: number): number {
  return 700 * (10 ** ((share * mel(highest)) / 2595) - 1);
}

/** The share of the height at which a frequency lies. */
export function placeOf(hertz: number, highest: number): number {
  return mel(hertz) / mel(highest);
}

/** The colours as a CSS gradient, for the legend. */
export function gradient(dark: boolean): string {
  return `linear-gradient(to right, ${ramps[dark ? "dark" : "light"].join(", ")})`;
}

function colourTable(dark: boolean): Uint32Array {
  const stops = ramps[dark ? "dark" : "light"].map((hex) =>
    [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)),
  );
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(at));
    const [r, g, b] = [0, 1, 2].map((c) => {
      const [a, z] = [stops[from]![c]!, stops[from + 1]![c]!];
      return Math.round(a + (z - a) * (at - from));
    }) as [number, number, number];
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}
