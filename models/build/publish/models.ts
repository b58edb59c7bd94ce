import { graphBuilder, type Model, type Value } from "../../../kernel/sdk/onnx/index.ts";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import { FEATURES, imageFeatures, imageHeads } from "../nets/image-encoder.ts";
import { LOGITS } from "../nets/labels.ts";
import { gemm } from "../nets/layers.ts";
import { Net, type Weights } from "../nets/net.ts";
import { pooled, textEncoder } from "../nets/text-encoder.ts";
import { unet } from "../nets/unet.ts";
import { VAE_SHAPE, vaeDecoder, vaeEncoder } from "../nets/vae.ts";
import { EMBEDDING, TEXT_SHAPE, UNET_SHAPE } from "../shapes.ts";

/** Trained weights, or none for a model with fresh ones. */
type Trained = Weights | undefined;

function build(name: string, weights: Trained, body: (net: Net) => void): Model {
  const g = graphBuilder({ opset: 18, name });
  body(new Net(g, new Random(`fresh/${name}`), weights));
  return g.build();
}

const picture = (net: Net, name: string): Value => net.g.input(name, "float32", ["batch", 3, "height", "width"]);
const inputIds = (net: Net): Value => net.g.input("input_ids", "int64", ["batch", TEXT_SHAPE.tokens]);

/** `sample` [B, 4, h, w], `timestep` [B] or [1], `encoder_hidden_states` [B, 24, 96] → `out_sample`. */
export function unetModel(weights?: Trained): Model {
  return build("unet", weights, (net) => {
    const sample = net.g.input("sample", "float32", ["batch", UNET_SHAPE.latentChannels, "height", "width"]);
    const timestep = net.g.input("timestep", "float32", ["steps"]);
    const text = net.g.input("encoder_hidden_states", "float32", ["batch", "sequence", UNET_SHAPE.contextWidth]);
    const out = unet(net, sample, timestep, text, UNET_SHAPE);
    net.g.output("out_sample", out, "float32", ["batch", UNET_SHAPE.latentChannels, "height", "width"]);
  });
}

/** `sample` [B, 3, H, W] in −1…1 → `latent_parameters` [B, 8, H/4, W/4]: means, then log-variances. */
export function vaeEncoderModel(weights?: Trained): Model {
  return build("vae_encoder", weights, (net) => {
    const out = vaeEncoder(net, picture(net, "sample"));
    net.g.output("latent_parameters", out, "float32", ["batch", 2 * VAE_SHAPE.latentChannels, "height_4", "width_4"]);
  });
}

/** `latent_sample` [B, 4, h, w] → `sample` [B, 3, 4h, 4w] in −1…1. */
export function vaeDecoderModel(weights?: Trained): Model {
  return build("vae_decoder", weights, (net) => {
    const latent = net.g.input("latent_sample", "float32", ["batch", VAE_SHAPE.latentChannels, "height", "width"]);
    const out = net.op("Clip", [vaeDecoder(net, latent), -1, 1]);
    net.g.output("sample", out, "float32", ["batch", 3, "height_4", "width_4"]);
  });
}

/** `input_ids` [B, 24] → `last_hidden_state` [B, 24, 96], `pooler_output` [B, 96]. */
export function textEncoderModel(weights?: Trained): Model {
  return build("text_encoder", weights, (net) => {
    const ids = inputIds(net);
    const hidden = textEncoder(net, ids, TEXT_SHAPE);
    const pooler = pooled(net, hidden, ids, TEXT_SHAPE.tokens);
    net.g.output("last_hidden_state", hidden, "float32", ["batch", TEXT_SHAPE.tokens, TEXT_SHAPE.width]);
    net.g.output("pooler_output", pooler, "float32", ["batch", TEXT_SHAPE.width]);
  });
}

/** `input_ids` [B, 24] → `text_embeds` [B, 64]. */
export function clipTextModel(weights?: Trained): Model {
  return build("clip_text", weights, (net) => {
    const embeds = clipText(net, inputIds(net));
    net.g.output("text_embeds", embeds, "float32", ["batch", EMBEDDING]);
  });
}

/** `pixel_values` [B, 3, 64, 64] in −1…1 → `image_embeds` [B, 64]. */
export function clipImageModel(weights?: Trained): Model {
  return build("clip_image", weights, (net) => {
    const pixels = net.g.input("pixel_values", "float32", ["batch", 3, 64, 64]);
    const { embeds } = clipImage(net, pixels);
    net.g.output("image_embeds", embeds, "float32", ["batch", EMBEDDING]);
  });
}

/** `pixel_values` [B, 3, 64, 64] in −1…1 → `logits` of the judge's questions. */
export function judgeModel(weights?: Trained): Model {
  return build("judge", weights, (net) => {
    const pixels = net.g.input("pixel_values", "float32", ["batch", 3, 64, 64]);
    const logits = imageHeads(net, imageFeatures(net, pixels), LOGITS);
    net.g.output("logits", logits, "float32", ["batch", LOGITS]);
  });
}

/** The text half of the CLIP pair. */
export function clipText(net: Net, ids: Value): Value {
  const hidden = textEncoder(net, ids, TEXT_SHAPE);
  const end = pooled(net, hidden, ids, TEXT_SHAPE.tokens);
  return net.scope("text_projection", () => gemm(net, end, TEXT_SHAPE.width, EMBEDDING));
}

/** The picture half of the CLIP pair, with the features before the projection. */
export function clipImage(net: Net, pixels: Value): { embeds: Value; features: Value } {
  const features = net.scope("vision_model", () => imageFeatures(net, pixels));
  const embeds = net.scope("visual_projection", () => gemm(net, features, FEATURES, EMBEDDING));
  return { embeds, features };
}
