import { PICTURE_SIZE } from "../corpus/corpus.ts";
import { VAE_SHAPE } from "../nets/vae.ts";
import { EMBEDDING, LATENT_SIZE, TEXT_SHAPE, UNET_SHAPE, VOCABULARY } from "../shapes.ts";

const diffusersVersion = "0.32.0";

/** `model_index.json` of the pipeline. */
export const MODEL_INDEX = {
  _class_name: "OnnxStableDiffusionPipeline",
  _diffusers_version: diffusersVersion,
  feature_extractor: [null, null],
  requires_safety_checker: false,
  safety_checker: [null, null],
  scheduler: ["diffusers", "DDIMScheduler"],
  text_encoder: ["diffusers", "OnnxRuntimeModel"],
  tokenizer: ["transformers", "CLIPTokenizer"],
  unet: ["diffusers", "OnnxRuntimeModel"],
  vae_decoder: ["diffusers", "OnnxRuntimeModel"],
  vae_encoder: ["diffusers", "OnnxRuntimeModel"],
};

/** `scheduler/scheduler_config.json`: the cosine schedule that the UNet was trained with. */
export const SCHEDULER_CONFIG = {
  _class_name: "DDIMScheduler",
  _diffusers_version: diffusersVersion,
  beta_end: 0.02,
  beta_schedule: "squaredcos_cap_v2",
  beta_start: 0.0001,
  clip_sample: false,
  num_train_timesteps: 1000,
  prediction_type: "v_prediction",
  rescale_betas_zero_snr: false,
  set_alpha_to_one: true,
  steps_offset: 0,
  thresholding: false,
  timestep_spacing: "trailing",
  trained_betas: null,
};

/** `text_encoder/config.json`, and the text half of the CLIP pair's. */
export const TEXT_CONFIG = {
  architectures: ["CLIPTextModel"],
  bos_token_id: VOCABULARY.startId,
  eos_token_id: VOCABULARY.endId,
  hidden_act: "quick_gelu",
  hidden_size: TEXT_SHAPE.width,
  intermediate_size: 4 * TEXT_SHAPE.width,
  layer_norm_eps: 1e-5,
  max_position_embeddings: TEXT_SHAPE.tokens,
  model_type: "clip_text_model",
  num_attention_heads: TEXT_SHAPE.heads,
  num_hidden_layers: TEXT_SHAPE.layers,
  pad_token_id: VOCABULARY.endId,
  projection_dim: EMBEDDING,
  vocab_size: TEXT_SHAPE.vocabulary,
};

/** `unet/config.json`; `attention_head_dim` counts heads, as in Stable Diffusion 1 and 2. */
export const UNET_CONFIG = {
  _class_name: "UNet2DConditionModel",
  _diffusers_version: diffusersVersion,
  act_fn: "silu",
  attention_head_dim: UNET_SHAPE.channels.map((width) => width / UNET_SHAPE.headWidth),
  block_out_channels: UNET_SHAPE.channels,
  center_input_sample: false,
  cross_attention_dim: UNET_SHAPE.contextWidth,
  down_block_types: UNET_SHAPE.attends.map((attends) => (attends ? "CrossAttnDownBlock2D" : "DownBlock2D")),
  downsample_padding: 1,
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: UNET_SHAPE.latentChannels,
  layers_per_block: 1,
  mid_block_type: "UNetMidBlock2DCrossAttn",
  norm_eps: 1e-5,
  norm_num_groups: UNET_SHAPE.groups,
  out_channels: UNET_SHAPE.latentChannels,
  sample_size: LATENT_SIZE,
  up_block_types: UNET_SHAPE.attends.toReversed().map((attends) => (attends ? "CrossAttnUpBlock2D" : "UpBlock2D")),
  use_linear_projection: false,
};

/** Configuration of both halves of the VAE; latents times `scaling_factor` have unit variance. */
export function vaeConfig(scalingFactor: number): Record<string, unknown> {
  return {
    _class_name: "AutoencoderKL",
    _diffusers_version: diffusersVersion,
    act_fn: "silu",
    block_out_channels: [VAE_SHAPE.fineChannels, VAE_SHAPE.encoderChannels, VAE_SHAPE.decoderChannels],
    in_channels: 3,
    latent_channels: VAE_SHAPE.latentChannels,
    out_channels: 3,
    sample_size: PICTURE_SIZE,
    scaling_factor: scalingFactor,
    shift_factor: null,
  };
}

/** `config.json` of the CLIP pair; its picture half is a small convolutional net, not a transformer. */
export const CLIP_CONFIG = {
  architectures: ["CLIPModel"],
  logit_scale_init_value: 2.6592,
  model_type: "clip",
  projection_dim: EMBEDDING,
  text_config: TEXT_CONFIG,
  vision_config: {
    image_size: PICTURE_SIZE,
    model_type: "clip_vision_model",
    num_channels: 3,
    projection_dim: EMBEDDING,
  },
};

/** `preprocessor_config.json` of the CLIP pair: pictures of 64×64 scaled to −1…1. */
export const PREPROCESSOR_CONFIG = {
  crop_size: { height: PICTURE_SIZE, width: PICTURE_SIZE },
  do_center_crop: true,
  do_convert_rgb: true,
  do_normalize: true,
  do_rescale: true,
  do_resize: true,
  feature_extractor_type: "CLIPFeatureExtractor",
  image_mean: [0.5, 0.5, 0.5],
  image_processor_type: "CLIPImageProcessor",
  image_std: [0.5, 0.5, 0.5],
  resample: 3,
  rescale_factor: 1 / 255,
  size: { shortest_edge: PICTURE_SIZE },
};
