import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import type { Net } from "./net.ts";

/** y = x·W + b on the last axis of a value of rank 3, written as PyTorch's exporter writes it: MatMul with W [in, out], then Add. */
export function linear(net: Net, x: Value, inputs: number, outputs: number, options: LinearOptions = {}): Value {
  const weight = net.normal("weight", [inputs, outputs], options.deviation ?? 1 / Math.sqrt(inputs));
  const y = net.op("MatMul", [x, weight]);
  if (options.bias === false) return y;
  return net.op("Add", [y, net.filled("bias", [outputs], 0)]);
}

export interface LinearOptions {
  /** Standard deviation of the first weights; default 1/√inputs. */
  readonly deviation?: number;
  readonly bias?: boolean;
}

/** y = x·Wᵀ + b for a value of rank 2: a Gemm with W [out, in]. */
export function gemm(net: Net, x: Value, inputs: number, outputs: number, options: LinearOptions = {}): Value {
  const weight = net.normal("weight", [outputs, inputs], options.deviation ?? 1 / Math.sqrt(inputs));
  return net.op("Gemm", [x, weight, net.filled("bias", [outputs], 0)], { alpha: 1, beta: 1, transB: 1 });
}

export interface ConvOptions {
  /** Window; default 3. */
  readonly kernel?: number;
  readonly stride?: number;
  /** Standard deviation of the first weights; default 1/√(inputs·kernel²). */
  readonly deviation?: number;
}

/** A convolution with "same" padding. */
export function conv(net: Net, x: Value, inputs: number, outputs: number, options: ConvOptions = {}): Value {
  const kernel = options.kernel ?? 3;
  const stride = options.stride ?? 1;
  const pad = Math.floor(kernel / 2);
  const deviation = options.deviation ?? 1 / Math.sqrt(inputs * kernel * kernel);
  const weight = net.normal("weight", [outputs, inputs, kernel, kernel], deviation);
  return net.op("Conv", [x, weight, net.filled("bias", [outputs], 0)], {
    dilations: [1, 1],
    group: 1,
    kernel_shape: [kernel, kernel],
    pads: [pad, pad, pad, pad],
    strides: [stride, stride],
  });
}

/** x · sigmoid(x). */
export function silu(net: Net, x: Value): Value {
  return net.op("Mul", [x, net.op("Sigmoid", [x])]);
}

/** Group normalisation of [B, channels, H, W], written as PyTorch's exporter writes it. */
export function groupNorm(net: Net, x: Value, channels: number, groups: number): Value {
  const { g } = net;
  const grouped = net.op("Reshape", [x, g.ints(0, groups, -1)]);
  const normal = net.op(
    "InstanceNormalization",
    [grouped, g.floats(...Array<number>(groups).fill(1)), g.floats(...Array<number>(groups).fill(0))],
    { epsilon: 1e-5 },
  );
  const back = net.op("Reshape", [normal, net.op("Shape", [x])]);
  const scaled = net.op("Mul", [back, net.filled("weight", [channels, 1, 1], 1)]);
  return net.op("Add", [scaled, net.filled("bias", [channels, 1, 1], 0)]);
}

/** Layer normalisation over the last axis. */
export function layerNorm(net: Net, x: Value, width: number): Value {
  return net.op("LayerNormalization", [x, net.filled("weight", [width], 1), net.filled("bias", [width], 0)], {
    axis: -1,
    epsilon: 1e-5,
  });
}

/** Multi-head attention of [B, N, width] to [B, M, contextWidth]; names of diffusers (to_q, to_k, to_v, to_out.0). */
export function attention(
  net: Net,
  x: Value,
  context: Value,
  { width, contextWidth, heads }: { width: number; contextWidth: number; heads: number },
): Value {
  const headWidth = width / heads;
  const q = net.scope("to_q", () => linear(net, x, width, width, { bias: false }));
  const k = net.scope("to_k", () => linear(net, context, contextWidth, width, { bias: false }));
  const v = net.scope("to_v", () => linear(net, context, contextWidth, width, { bias: false }));
  const mixed = headAttention(net, q, k, v, { heads, headWidth });
  return net.scope("to_out.0", () => linear(net, mixed, width, width));
}

/** softmax(q·kᵀ/√d + mask)·v, split in heads. */
export function headAttention(
  net: Net,
  q: Value,
  k: Value,
  v: Value,
  { heads, headWidth, mask }: { heads: number; headWidth: number; mask?: Value },
): Value {
  const { g } = net;
  const split = (value: Value, perm: number[]) =>
    net.op("Transpose", [net.op("Reshape", [value, g.ints(0, 0, heads, headWidth)])], { perm });
  const scaled = net.op("Mul", [split(q, [0, 2, 1, 3]), 1 / Math.sqrt(headWidth)]);
  let scores = net.op("MatMul", [scaled, split(k, [0, 2, 3, 1])]);
  if (mask) scores = net.op("Add", [scores, mask]);
  const weights = net.op("Softmax", [scores], { axis: -1 });
  const mixed = net.op("Transpose", [net.op("MatMul", [weights, split(v, [0, 2, 1, 3])])], { perm: [0, 2, 1, 3] });
  return net.op("Reshape", [mixed, g.ints(0, 0, heads * headWidth)]);
}

/** x / (1 + exp(−1.702·x)): the activation of CLIP's text encoder. */
export function quickGelu(net: Net, x: Value): Value {
  return net.op("Mul", [x, net.op("Sigmoid", [net.op("Mul", [x, 1.702])])]);
}

/** x · ½(1 + erf(x/√2)). */
export function gelu(net: Net, x: Value): Value {
  const erf = net.op("Erf", [net.op("Div", [x, Math.SQRT2])]);
  return net.op("Mul", [net.op("Mul", [x, net.op("Add", [erf, 1])]), 0.5]);
}
