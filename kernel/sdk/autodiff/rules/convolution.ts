import { stringAttribute } from "../../onnx/index.ts";
import type { Emitter, Ref } from "../emitter.ts";
import type { Rule, RuleCall, RuleTable } from "../rule.ts";
import { weightGradient } from "./weight-gradient.ts";
import { type Window, windowOf } from "./window.ts";

/** Weights [out, in/group, …] as [in, out/group, …], each kernel reversed: what a gradient is convolved with. */
function flipped(emit: Emitter, w: Ref, dims: readonly number[], group: number): Ref {
  const [out, per, ...kernel] = dims as [number, number, ...number[]];
  const spatial = kernel.map((_, i) => i + 2);
  let turned: Ref;
  if (group === 1) turned = emit.transpose(w, [1, 0, ...spatial]);
  else {
    const split = emit.reshape(w, [group, out / group, per, ...kernel]);
    turned = emit.reshape(emit.transpose(split, [0, 2, 1, ...spatial.map((axis) => axis + 1)]), [
      group * per,
      out / group,
      ...kernel,
    ]);
  }
  const axes = spatial.filter((_, i) => kernel[i] !== 1);
  if (axes.length === 0) return turned;
  const all = (value: number) => axes.map(() => value);
  return emit.slice(turned, all(-1), all(Number.MIN_SAFE_INTEGER), axes, all(-1));
}

/** Gradient of a convolution's input: a plain convolution at stride 1, else a transposed one. */
function inputGradient(call: RuleCall, window: Window): Ref {
  const { emit, x, g, dtype } = call;
  const dims = call.dims(x[0]!);
  const input = dims.slice(2);
  const output = call.dims(call.y[0]!).slice(2);
  const { kernel, strides, dilations, before, after, group } = window;
  const reach = kernel.map((size, i) => (size - 1) * dilations[i]!);
  if (strides.some((stride) => stride !== 1)) {
    const full = output.map((length, i) => (length - 1) * strides[i]! + reach[i]! + 1);
    // Padding that hides whole windows is cut off after, because ConvTranspose refuses it.
    const hidden = full.map((length, i) => (length > before[i]! ? before[i]! : 0));
    const open = { strides, dilations, group, kernel_shape: kernel, pads: [...hidden, ...hidden.map(() => 0)] };
    const raw = emit.op("ConvTranspose", [g[0]!, x[1]!], open);
    const front = hidden.map((amount, i) => amount - before[i]!);
    const back = full.map((length, i) => input[i]! - (length - before[i]!));
    return emit.pad(raw, [0, 0, ...front], [0, 0, ...back], dtype);
  }
  const padded = (amounts: readonly number[]) => reach.map((length, i) => Math.max(0, length - amounts[i]!));
  const pads = [...padded(before), ...padded(after)];
  const raw = emit.op("Conv", [g[0]!, flipped(emit, x[1]!, call.dims(x[1]!), group)], {
    pads,
    dilations,
    group,
    kernel_shape: kernel,
  });
  const cut = reach.map((length, i) => Math.max(0, before[i]! - length));
  if (cut.every((amount) => amount === 0) && reach.every((length, i) => length >= after[i]!)) return raw;
  const axes = cut.map((_, i) => i + 2);
  return emit.slice(
    raw,
    cut,
    cut.map((start, i) => start + input[i]!),
    axes,
  );
}

/** Cuts or pads spatial axes at their end. */
export function fit(
  emit: Emitter,
  x: Ref,
  have: readonly number[],
  want: readonly number[],
  dtype: RuleCall["dtype"],
): Ref {
  if (have.every((length, i) => length === want[i])) return x;
  const after = [0, 0, ...want.map((length, i) => length - have[i]!)];
  return emit.pad(
    x,
    after.map(() => 0),
    after,
    dtype,
  );
}

/** Sums a gradient over everything but the channels. */
function biasGradient(call: RuleCall): Ref {
  const rank = call.dims(call.y[0]!).length;
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  return call.emit.reduceSum(call.g[0]!, axes, false);
}

const conv: Rule = (call) => {
  const { node, x, y, g } = call;
  const [input, weight, output] = [call.dims(x[0]!), call.dims(x[1]!), call.dims(y[0]!)];
  const window = windowOf(node, weight.slice(2), input.slice(2), output.slice(2));
  return [
    call.needs(0) ? inputGradient(call, window) : undefined,
    call.needs(1)
      ? weightGradient(call, { wide: x[0]!, wideDims: input, narrow: g[0]!, narrowDims: output, weight }, window)
      : undefined,
    x[2] && call.needs(2) ? biasGradient(call) : undefined,
  ];
};

const convTranspose: Rule = (call) => {
  const { emit, node, x, y, g } = call;
  const [input, weight, output] = [call.dims(x[0]!), call.dims(x[1]!), call.dims(y[0]!)];
  const kernel = weight.slice(2);
  const plain = windowOf(
    { ...node, attributes: { ...node.attributes, auto_pad: { type: "string", value: "NOTSET" } } },
    kernel,
    [],
    [],
  );
  const { strides, dilations, group } = plain;
  if (stringAttribute(node, "auto_pad", "NOTSET").startsWith("SAME") || node.attributes.output_shape) {
    call.refuse("its padding is automatic");
  }
  // The output may be longer than the windows reach (output_padding): the convolution of the gradient must not reach there either.
  const after = kernel.map(
    (size, i) => (input[i + 2]! - 1) * strides[i]! + (size - 1) * dilations[i]! + 1 - plain.before[i]! - output[i + 2]!,
  );
  const window = { ...plain, after };
  const pads = [...plain.before, ...after];
  const back = () => {
    const inner = pads.map((amount) => Math.max(0, amount));
    const cut = after.map((amount) => Math.min(0, amount));
    const none = [0, 0, ...cut.map(() => 0)];
    const gradient = emit.pad(g[0]!, none, [0, 0, ...cut], call.dtype);
    return emit.op("Conv", [gradient, x[1]!], { strides, dilations, group, kernel_shape: kernel, pads: inner });
  };
  return [
    call.needs(0) ? back() : undefined,
    call.needs(1)
      ? weightGradient(call, { wide: g[0]!, wideDims: output, narrow: x[0]!, narrowDims: input, weight }, window)
      : undefined,
    x[2] && call.needs(2) ? biasGradient(call) : undefined,
  ];
};

/** Convolutions. */
export const convolutionRules: RuleTable = { Conv: conv, ConvTranspose: convTranspose };
