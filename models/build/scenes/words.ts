/** The words of the synthetic world: what a scene may contain. Captions, classifier heads and the vocabulary derive from these lists. */
export const SHAPES = ["sphere", "cube", "cone", "cylinder", "torus"] as const;
export const COLOURS = ["red", "orange", "yellow", "green", "blue", "purple"] as const;
export const GROUNDS = ["grass", "sand", "snow", "stone"] as const;
export const SKIES = ["day", "sunset", "night"] as const;

/** Styles that the base UNet is trained on. */
export const BASE_STYLES = ["flat", "clay", "ink", "watercolour"] as const;
/** Styles that only the VAE, the CLIP pair and the judge know: what a LoRA can teach the UNet. */
export const HELD_OUT_STYLES = ["blueprint", "risograph", "neon"] as const;
export const STYLES = [...BASE_STYLES, ...HELD_OUT_STYLES] as const;

export type Shape = (typeof SHAPES)[number];
export type Colour = (typeof COLOURS)[number];
export type Ground = (typeof GROUNDS)[number];
export type Sky = (typeof SKIES)[number];
export type Style = (typeof STYLES)[number];

/** Shape–colour pairs that the training of UNet and text encoder never sees together: they test whether the model composes. */
export const HELD_OUT_PAIRS: readonly (readonly [Shape, Colour])[] = [
  ["cube", "yellow"],
  ["cone", "purple"],
  ["torus", "green"],
  ["sphere", "orange"],
];

/** Whether a shape and a colour are one of {@link HELD_OUT_PAIRS}. */
export function isHeldOutPair(shape: Shape, colour: Colour): boolean {
  return HELD_OUT_PAIRS.some(([s, c]) => s === shape && c === colour);
}

/** One solid that stands on the ground. */
export interface SceneObject {
  readonly shape: Shape;
  readonly colour: Colour;
  /** Across the picture, in scene units; 0 is the middle, the picture is about 2.9 wide. */
  readonly x: number;
  /** Towards the camera, in scene units. */
  readonly z: number;
  /** Height in scene units, about; the picture is about 2.9 high. */
  readonly size: number;
  /** Turn about the vertical axis, radians. */
  readonly yaw: number;
}

/** Everything that determines a picture. */
export interface SceneSpec {
  /** One or two objects, from left to right. */
  readonly objects: readonly SceneObject[];
  readonly ground: Ground;
  readonly sky: Sky;
  readonly style: Style;
  /** Where the light comes from: angle about the vertical axis, radians; 0 is from the camera, negative from the left. */
  readonly light: number;
  /** Seed of the texture of styles that have one. */
  readonly texture: number;
}
