import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import { conv, silu } from "./layers.ts";
import type { Net } from "./net.ts";

/** Shape of the autoencoder: pictures [B, 3, 4h, 4w] in −1…1, latents [B, channels, h, w]. */
export const VAE_SHAPE = {
  latentChannels: 4,
  encoderChannels: 64,
  decoderChannels: 96,
  fineChannels: 32,
} as const;

/**
 * Pictures to `latent_parameters` [B, 2·channels, h, w]: means, then log-variances. The picture is folded to half its width
 * before the first convolution, because convolutions at full size would take most of the time.
 */
export function vaeEncoder(net: Net, sample: Value): Value {
  const { encoderChannels: width, latentChannels } = VAE_SHAPE;
  let x = net.op("SpaceToDepth", [sample], { blocksize: 2 });
  x = net.scope("encoder.conv_in", () => conv(net, x, 12, width / 2));
  x = silu(net, x);
  x = net.scope("encoder.down.conv", () => conv(net, x, width / 2, width, { stride: 2 }));
  for (const index of [0, 1]) x = net.scope(`encoder.resnets.${index}`, () => plainResnet(net, x, width));
  x = silu(net, x);
  x = net.scope("encoder.conv_out", () => conv(net, x, width, 2 * latentChannels));
  return x;
}

/** Latents to pictures [B, 3, 4h, 4w], about −1…1 (not clipped). */
export function vaeDecoder(net: Net, latent: Value): Value {
  const { decoderChannels: width, fineChannels: fine, latentChannels } = VAE_SHAPE;
  let x = net.scope("decoder.conv_in", () => conv(net, latent, latentChannels, width));
  for (const index of [0, 1, 2]) x = net.scope(`decoder.resnets.${index}`, () => plainResnet(net, x, width));
  x = net.scope("decoder.up.conv", () => conv(net, x, width, 4 * fine));
  x = net.op("DepthToSpace", [x], { blocksize: 2 });
  x = net.scope("decoder.fine.resnets.0", () => plainResnet(net, x, fine));
  x = silu(net, x);
  x = net.scope("decoder.conv_out", () => conv(net, x, fine, 12));
  return net.op("DepthToSpace", [x], { blocksize: 2 });
}

/** x + conv(silu(conv(silu(x)))), the second convolution starting at zero; without norms, which cost more here than they gave. */
function plainResnet(net: Net, x: Value, width: number): Value {
  let h = silu(net, x);
  h = net.scope("conv1", () => conv(net, h, width, width));
  h = silu(net, h);
  h = net.scope("conv2", () => conv(net, h, width, width, { deviation: 0 }));
  return net.op("Add", [x, h]);
}
