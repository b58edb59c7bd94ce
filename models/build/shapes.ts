import type { TextShape } from "./nets/text-encoder.ts";
import type { UnetShape } from "./nets/unet.ts";
import { buildVocabulary, TOKENS } from "./text/vocabulary.ts";

/** The vocabulary of all tiny models. */
export const VOCABULARY = buildVocabulary();

/** The text encoder that conditions the UNet, and that of the CLIP pair (trained apart). */
export const TEXT_SHAPE: TextShape = {
  vocabulary: Object.keys(VOCABULARY.vocab).length,
  tokens: TOKENS,
  width: 96,
  heads: 4,
  layers: 2,
};

export const UNET_SHAPE: UnetShape = {
  latentChannels: 4,
  channels: [48, 64, 96],
  attends: [false, true, true],
  groups: 8,
  headWidth: 16,
  contextWidth: TEXT_SHAPE.width,
};

/** Width and height of a latent. */
export const LATENT_SIZE = 16;
/** Length of the vectors in which the CLIP pair compares pictures and captions. */
export const EMBEDDING = 64;
