import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import { attention, conv, gelu, gemm, groupNorm, layerNorm, linear, silu } from "./layers.ts";
import type { Net } from "./net.ts";

export interface UnetShape {
  readonly latentChannels: number;
  /** Channels of each level, from the finest. */
  readonly channels: readonly number[];
  /** Which levels attend to the text. */
  readonly attends: readonly boolean[];
  readonly groups: number;
  readonly headWidth: number;
  readonly contextWidth: number;
}

/**
 * diffusers' UNet2DConditionModel with one resnet per level on the way down and two on the way up: noisy latents [B, C, h, w],
 * timesteps [B] or [1] (0–999) and text states [B, tokens, contextWidth] to a prediction of the latents' shape.
 */
export function unet(net: Net, sample: Value, timestep: Value, text: Value, shape: UnetShape): Value {
  const { channels } = shape;
  const first = channels[0]!;
  const time = timeEmbedding(net, timestep, first);
  const block = { time, text, timeWidth: 4 * first, shape };

  let x = net.scope("conv_in", () => conv(net, sample, shape.latentChannels, first));
  const skips: { value: Value; width: number }[] = [{ value: x, width: first }];
  let width = first;
  for (const [level, next] of channels.entries()) {
    x = net.scope(`down_blocks.${level}`, () => {
      let y = net.scope("resnets.0", () => resnet(net, x, width, next, block));
      if (shape.attends[level]) y = net.scope("attentions.0", () => transformer(net, y, next, block));
      skips.push({ value: y, width: next });
      if (level === channels.length - 1) return y;
      y = net.scope("downsamplers.0.conv", () => conv(net, y, next, next, { stride: 2 }));
      skips.push({ value: y, width: next });
      return y;
    });
    width = next;
  }

  x = net.scope("mid_block", () => {
    let y = net.scope("resnets.0", () => resnet(net, x, width, width, block));
    y = net.scope("attentions.0", () => transformer(net, y, width, block));
    return net.scope("resnets.1", () => resnet(net, y, width, width, block));
  });

  for (let up = 0; up < channels.length; up++) {
    const level = channels.length - 1 - up;
    const out = channels[level]!;
    x = net.scope(`up_blocks.${up}`, () => {
      let y = x;
      for (const index of [0, 1]) {
        const skip = skips.pop()!;
        const joined = net.op("Concat", [y, skip.value], { axis: 1 });
        const inputs = width + skip.width;
        y = net.scope(`resnets.${index}`, () => resnet(net, joined, inputs, out, block));
        if (shape.attends[level]) y = net.scope(`attentions.${index}`, () => transformer(net, y, out, block));
        width = out;
      }
      if (level === 0) return y;
      return net.scope("upsamplers.0", () => {
        const wide = net.g.op("Resize", [y, null, net.g.floats(1, 1, 2, 2)], {
          coordinate_transformation_mode: "asymmetric",
          mode: "nearest",
          nearest_mode: "floor",
        });
        return net.scope("conv", () => conv(net, wide, out, out));
      });
    });
  }
  x = silu(
    net,
    net.scope("conv_norm_out", () => groupNorm(net, x, first, shape.groups)),
  );
  return net.scope("conv_out", () => conv(net, x, first, shape.latentChannels, { deviation: 0 }));
}

interface Block {
  readonly time: Value;
  readonly text: Value;
  readonly timeWidth: number;
  readonly shape: UnetShape;
}

/** Sines and cosines of the timestep, then two layers; already activated for the projections of the resnets. */
function timeEmbedding(net: Net, timestep: Value, width: number): Value {
  const half = width / 2;
  const frequencies = Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10_000) * i) / half));
  const phase = net.scope("time_proj", () => {
    const column = net.op("Reshape", [timestep, net.g.ints(-1, 1)]);
    const angles = net.op("Mul", [column, net.op("Unsqueeze", [net.g.floats(...frequencies), net.g.ints(0)])]);
    return net.op("Concat", [net.op("Cos", [angles]), net.op("Sin", [angles])], { axis: 1 });
  });
  return net.scope("time_embedding", () => {
    const hidden = net.scope("linear_1", () => gemm(net, phase, width, 4 * width));
    const embedded = net.scope("linear_2", () => gemm(net, silu(net, hidden), 4 * width, 4 * width));
    return silu(net, embedded);
  });
}

function resnet(net: Net, x: Value, inputs: number, outputs: number, { time, timeWidth, shape }: Block): Value {
  let h = net.scope("norm1", () => groupNorm(net, x, inputs, shape.groups));
  h = net.scope("conv1", () => conv(net, silu(net, h), inputs, outputs));
  const shift = net.scope("time_emb_proj", () => gemm(net, time, timeWidth, outputs));
  h = net.op("Add", [h, net.op("Unsqueeze", [shift, net.g.ints(2, 3)])]);
  h = net.scope("norm2", () => groupNorm(net, h, outputs, shape.groups));
  h = net.scope("conv2", () => conv(net, silu(net, h), outputs, outputs, { deviation: 0 }));
  const straight =
    inputs === outputs ? x : net.scope("conv_shortcut", () => conv(net, x, inputs, outputs, { kernel: 1 }));
  return net.op("Add", [straight, h]);
}

/** diffusers' Transformer2DModel with one block: attention to itself, to the text, and a GEGLU layer. */
function transformer(net: Net, x: Value, width: number, { text, shape }: Block): Value {
  const heads = width / shape.headWidth;
  const { g } = net;
  const normal = net.scope("norm", () => groupNorm(net, x, width, shape.groups));
  const inner = net.scope("proj_in", () => conv(net, normal, width, width, { kernel: 1 }));
  let tokens = net.op("Transpose", [net.op("Reshape", [inner, g.ints(0, width, -1)])], { perm: [0, 2, 1] });
  tokens = net.scope("transformer_blocks.0", () => {
    let y = tokens;
    const one = net.scope("norm1", () => layerNorm(net, y, width));
    y = net.op("Add", [y, net.scope("attn1", () => attention(net, one, one, { width, contextWidth: width, heads }))]);
    const two = net.scope("norm2", () => layerNorm(net, y, width));
    y = net.op("Add", [
      y,
      net.scope("attn2", () => attention(net, two, text, { width, contextWidth: shape.contextWidth, heads })),
    ]);
    const three = net.scope("norm3", () => layerNorm(net, y, width));
    return net.op("Add", [y, net.scope("ff", () => feedForward(net, three, width))]);
  });
  const back = net.op("Reshape", [net.op("Transpose", [tokens], { perm: [0, 2, 1] }), net.op("Shape", [x])]);
  const out = net.scope("proj_out", () => conv(net, back, width, width, { kernel: 1, deviation: 0 }));
  return net.op("Add", [x, out]);
}

function feedForward(net: Net, x: Value, width: number): Value {
  const wide = net.scope("net.0.proj", () => linear(net, x, width, 8 * width));
  const [value, gate] = net.g.ops("Split", [wide], { axis: -1, num_outputs: 2 }, 2);
  const gated = net.op("Mul", [value!, gelu(net, gate!)]);
  return net.scope("net.2", () => linear(net, gated, 4 * width, width));
}
