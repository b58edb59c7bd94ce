import { GROUND_COLOURS, mix, OBJECT_COLOURS, type Rgb, SKY_COLOURS, scale, smooth } from "./palette.ts";
import type { SceneSpec, Style } from "./words.ts";

/** One sample as a style sees it. */
export interface Sample {
  /** Unit normal. */
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  /** Lambert term with the scene's light, −1 to 1. */
  readonly light: number;
  /** Height in the picture, 0 top to 1 bottom. */
  readonly v: number;
  /** How much of the ground's shadow lies here, 0 to 1, soft. */
  readonly shadow: number;
  /** Smooth texture noise, 0 to 1. */
  readonly noise: number;
}

/** How a style paints; colours are sRGB 0–255. */
export interface StyleRules {
  sky(scene: SceneSpec, sample: Sample): Rgb;
  ground(scene: SceneSpec, sample: Sample): Rgb;
  object(colour: Rgb, sample: Sample): Rgb;
  /** Lines along outlines and creases: colour for an object of that colour, width in pixels of a 64-pixel picture. */
  readonly line?: { readonly width: number; colour(object: Rgb): Rgb; readonly horizon: boolean };
  /** Blur of the objects' borders in pixels of a 64-pixel picture. */
  readonly bleed?: number;
  /** Glow of the lines in pixels of a 64-pixel picture. */
  readonly glow?: number;
  /** A second, dark copy of the objects beside them: how far right and down, in pixels of a 64-pixel picture. */
  readonly offset?: { readonly right: number; readonly down: number; readonly colour: Rgb };
}

const PAPER: Rgb = [250, 246, 236];
const INK: Rgb = [28, 24, 32];
const BLUEPRINT: Rgb = [26, 62, 140];
const CREAM: Rgb = [248, 232, 204];

const flatSky = (scene: SceneSpec): Rgb => mix(...SKY_COLOURS[scene.sky], 0.5);

/** One flat tone a face; round bodies have one tone, flat tops a lighter one. */
function faceTone(sample: Sample): number {
  if (sample.ny > 0.95) return 1.16;
  if (Math.abs(sample.ny) < 1e-3 && sample.nx > 0.3) return 0.82;
  return 1;
}

export const STYLE_RULES: Record<Style, StyleRules> = {
  flat: {
    sky: flatSky,
    ground: (scene, sample) => scale(GROUND_COLOURS[scene.ground], sample.shadow > 0.5 ? 0.82 : 1),
    object: (colour, sample) => scale(colour, faceTone(sample)),
  },
  clay: {
    sky: (scene, sample) => mix(...SKY_COLOURS[scene.sky], smooth(0.5, 0, sample.v)),
    ground: (scene, sample) =>
      scale(GROUND_COLOURS[scene.ground], (0.78 + 0.22 * smooth(0.4, 1, sample.v)) * (1 - 0.5 * sample.shadow)),
    object: (colour, sample) => {
      const lit = 0.42 + 0.62 * Math.max(0, 0.5 + 0.5 * sample.light) ** 1.4;
      const shine = 70 * smooth(0.9, 1, sample.light);
      return mix([shine, shine, shine], [colour[0] + shine, colour[1] + shine, colour[2] + shine], lit);
    },
  },
  ink: {
    sky: (scene) => mix(PAPER, flatSky(scene), 0.55),
    ground: (scene) => mix(PAPER, GROUND_COLOURS[scene.ground], 0.6),
    object: (colour) => mix(colour, PAPER, 0.12),
    line: { width: 2, colour: () => INK, horizon: true },
  },
  watercolour: {
    sky: (scene, sample) =>
      mix(PAPER, flatSky(scene), (0.36 + 0.34 * sample.noise) * (1 - 0.6 * smooth(0.25, 0.5, sample.v))),
    ground: (scene, sample) =>
      mix(PAPER, GROUND_COLOURS[scene.ground], (0.4 + 0.45 * sample.noise) * (1 - 0.75 * smooth(0.75, 1, sample.v))),
    object: (colour, sample) => mix(PAPER, colour, 0.62 + 0.34 * sample.noise - 0.18 * Math.max(0, sample.light)),
    bleed: 1.6,
  },
  blueprint: {
    sky: (scene) => mix(BLUEPRINT, flatSky(scene), 0.1),
    ground: (scene) => mix(scale(BLUEPRINT, 1.25), GROUND_COLOURS[scene.ground], 0.14),
    object: (colour) => mix(BLUEPRINT, colour, 0.76),
    line: { width: 1.7, colour: () => [226, 240, 255], horizon: true },
  },
  risograph: {
    sky: (scene) => mix(CREAM, flatSky(scene), 0.3),
    ground: (scene) => mix(scale(CREAM, 0.9), GROUND_COLOURS[scene.ground], 0.4),
    object: (colour, sample) =>
      sample.light > 0.25 ? mix(colour, CREAM, 0.3) : mix(scale(colour, 0.72), [40, 50, 90], 0.12),
    offset: { right: 3, down: 2.5, colour: [52, 58, 92] },
  },
  neon: {
    sky: (scene) => mix([16, 10, 30], flatSky(scene), 0.1),
    ground: (scene) => mix([30, 20, 46], GROUND_COLOURS[scene.ground], 0.1),
    object: (colour) => mix([16, 10, 30], colour, 0.3),
    line: { width: 2, colour: (object) => mix(object, [255, 255, 255], 0.25), horizon: false },
    glow: 3,
  },
};

/** The colour an object has in every style, before the style paints it. */
export function objectColour(scene: SceneSpec, index: number): Rgb {
  return OBJECT_COLOURS[scene.objects[index]!.colour];
}
