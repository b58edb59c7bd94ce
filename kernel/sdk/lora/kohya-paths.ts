import type { LoraComponent } from "./lora.ts";

/** Prefixes of kohya's keys and the networks that they stand for. `te1` and `te2` are the two text encoders of SDXL. */
export const kohyaPrefixes: readonly (readonly [string, LoraComponent])[] = [
  ["lora_unet_", "unet"],
  ["lora_transformer_", "transformer"],
  ["lora_te1_", "text_encoder"],
  ["lora_te2_", "text_encoder_2"],
  ["lora_te3_", "text_encoder_3"],
  ["lora_te_", "text_encoder"],
];

const resnetParts: Record<string, string> = {
  in_layers_2: "conv1",
  out_layers_3: "conv2",
  emb_layers_1: "time_emb_proj",
  skip_connection: "conv_shortcut",
};

const topLevel: Record<string, string> = {
  input_blocks_0_0: "conv_in",
  out_2: "conv_out",
  time_embed_0: "time_embedding_linear_1",
  time_embed_2: "time_embedding_linear_2",
  label_emb_0_0: "add_embedding_linear_1",
  label_emb_0_2: "add_embedding_linear_2",
};

/**
 * Translates flattened module paths of the original Stable Diffusion code, which kohya's SDXL files use
 * (`input_blocks_4_1_…`), to those of diffusers (`down_blocks_1_attentions_0_…`). Other paths come back as they are.
 */
export function diffusersPath(flat: string): string {
  const top = topLevel[flat];
  if (top) return top;
  const middle = /^middle_block_([012])_(.+)$/.exec(flat);
  if (middle) {
    const [, index, rest] = middle as unknown as [string, string, string];
    return index === "1" ? `mid_block_attentions_0_${rest}` : `mid_block_resnets_${Number(index) / 2}_${resnet(rest)}`;
  }
  const found = /^(input|output)_blocks_(\d+)_(\d)_(.+)$/.exec(flat);
  if (!found) return flat;
  const [, side, number, part, rest] = found as unknown as [string, string, string, string, string];
  const down = side === "input";
  const position = Number(number) - (down ? 1 : 0);
  const block = `${down ? "down" : "up"}_blocks_${Math.floor(position / 3)}`;
  if (down && rest === "op") return `${block}_downsamplers_0_conv`;
  if (!down && rest === "conv") return `${block}_upsamplers_0_conv`;
  const index = position % 3;
  return part === "0" ? `${block}_resnets_${index}_${resnet(rest)}` : `${block}_attentions_${index}_${rest}`;
}

function resnet(part: string): string {
  return resnetParts[part] ?? part;
}
