/** The synthetic world: scenes, their words, and their pictures. */
export { type CaptionClauses, captionOf, randomCaption } from "./caption.ts";
export { type Rendering, renderScene } from "./render.ts";
export { placeObject, type SceneChoices, sampleScene, type Uniform } from "./sample-scene.ts";
export { FAR_DEPTH } from "./trace.ts";
export {
  BASE_STYLES,
  COLOURS,
  type Colour,
  GROUNDS,
  type Ground,
  HELD_OUT_PAIRS,
  HELD_OUT_STYLES,
  isHeldOutPair,
  type SceneObject,
  type SceneSpec,
  SHAPES,
  type Shape,
  SKIES,
  type Sky,
  STYLES,
  type Style,
} from "./words.ts";
