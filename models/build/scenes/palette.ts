import type { Colour, Ground, Sky } from "./words.ts";

/** sRGB, each 0–255. */
export type Rgb = readonly [number, number, number];

export const OBJECT_COLOURS: Record<Colour, Rgb> = {
  red: [214, 38, 44],
  orange: [246, 138, 28],
  yellow: [252, 220, 56],
  green: [38, 150, 62],
  blue: [40, 92, 214],
  purple: [140, 56, 178],
};

export const GROUND_COLOURS: Record<Ground, Rgb> = {
  grass: [170, 202, 128],
  sand: [226, 204, 160],
  snow: [236, 242, 248],
  stone: [150, 152, 158],
};

/** Colour at the horizon and at the top of the picture. */
export const SKY_COLOURS: Record<Sky, readonly [Rgb, Rgb]> = {
  day: [
    [206, 232, 248],
    [146, 200, 240],
  ],
  sunset: [
    [252, 206, 168],
    [236, 150, 150],
  ],
  night: [
    [58, 66, 104],
    [24, 28, 62],
  ],
};

/** Between two colours: 0 gives the first, 1 the second. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Brighter or darker. */
export function scale(colour: Rgb, factor: number): Rgb {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

/** A smooth step from 0 at `from` to 1 at `to`. */
export function smooth(from: number, to: number, value: number): number {
  const t = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
