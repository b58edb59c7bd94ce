import type { LicenceClass } from "../../protocol/compliance.ts";
import type { Tensor } from "../tensor/index.ts";

/** Networks of a diffusion model that a LoRA can change, by the names of their folders. */
export const loraComponents = ["unet", "transformer", "text_encoder", "text_encoder_2", "text_encoder_3"] as const;
export type LoraComponent = (typeof loraComponents)[number];

/** The two factors for one weight: W becomes W + (alpha / rank) · up · down. */
export interface LoraLayer {
  readonly component: LoraComponent;
  /**
   * Path of the layer in its network, `down_blocks.0.attentions.0.….to_q`. Files with kohya keys flatten it:
   * `down_blocks_0_attentions_0_…_to_q`. Compare with {@link flattenPath}.
   */
  readonly path: string;
  /** [rank, in], for convolutions [rank, in, height, width]. */
  readonly down: Tensor;
  /** [out, rank], for convolutions [out, rank, 1, 1]. */
  readonly up: Tensor;
  /** Numerator of the scale; equal to the rank where the file names none. */
  readonly alpha: number;
  /** The key of `down` in the file. */
  readonly key: string;
}

/** A low-rank adapter (Hu et al. 2021). */
export interface Lora {
  /** How messages name it: a file or the name given at training. */
  readonly name: string;
  readonly layers: readonly LoraLayer[];
  /** Free text by name, as in the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Keys of the file that are no part of a LoRA. */
  readonly unknownKeys: readonly string[];
  /** SHA-256 and length of the safetensors file. */
  readonly sha256: string;
  readonly bytes: number;
  /** The class of the data that it was trained on, without its base; `unknown` where the file does not say. */
  readonly licenceClass: LicenceClass;
}

/** The rank of a layer. */
export function layerRank(layer: LoraLayer): number {
  return layer.down.dims[0]!;
}

/** A module path in the form in which paths of different origin compare equal: `.`, `/` and `_` all become `_`. */
export function flattenPath(path: string): string {
  return path.replace(/[./]/g, "_").replace(/^_+/, "");
}
