import { intAttribute, intsAttribute } from "../../onnx/index.ts";
import { elementCount } from "../../tensor/index.ts";
import type { Ref } from "../emitter.ts";
import { firstGradient, type Rule, type RuleCall, type RuleTable } from "../rule.ts";
import { fit } from "./convolution.ts";
import { type Window, windowOf } from "./window.ts";

/** Gradient of an average over windows: each output spreads over the elements that it read. */
const averagePool: Rule = (call) => {
  const { emit, node, x, y, g, dtype } = call;
  const [input, output] = [call.dims(x[0]!), call.dims(y[0]!)];
  const window = windowOf(node, intsAttribute(node, "kernel_shape")!, input.slice(2), output.slice(2));
  const { kernel, strides, dilations, before } = window;
  const channels = input[1]!;
  const weight = emit.expand(emit.scalar(1 / elementCount(kernel), dtype), [channels, 1, ...kernel]);
  const reached = output.slice(2).map((length, i) => (length - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1);
  const inside = reached.every((length, i) => before[i] === 0 && length <= input[i + 2]!);
  const raw = emit.op(
    "ConvTranspose",
    [inside ? g[0]! : emit.op("Div", [g[0]!, countedShare(call, window, reached)]), weight],
    {
      strides,
      dilations,
      group: channels,
      kernel_shape: kernel,
      pads: [...before, ...before.map(() => 0)],
    },
  );
  const have = reached.map((length, i) => length - before[i]!);
  return [fit(emit, raw, have, input.slice(2), dtype)];
};

/** The part of each window that its average counts: all but what lies outside, padding included where the node says so. */
function countedShare({ emit, node, x, dtype, ...call }: RuleCall, window: Window, reached: readonly number[]): Ref {
  const { kernel, strides, dilations, before, after } = window;
  const input = call.dims(x[0]!).slice(2);
  const counted = intAttribute(node, "count_include_pad", 0) !== 0;
  const area = counted ? input.map((length, i) => length + before[i]! + after[i]!) : input;
  const front = counted ? before.map(() => 0) : before;
  const back = area.map((length, i) => Math.max(0, reached[i]! - front[i]! - length));
  const ones = emit.expand(emit.scalar(1, dtype), [1, 1, ...area]);
  const unit = emit.expand(emit.scalar(1 / elementCount(kernel), dtype), [1, 1, ...kernel]);
  return emit.op("Conv", [ones, unit], { strides, dilations, kernel_shape: kernel, pads: [...front, ...back] });
}

const globalAveragePool: Rule = (call) => {
  const dims = call.dims(call.x[0]!);
  const share = call.emit.op("Mul", [call.g[0]!, call.emit.scalar(1 / elementCount(dims.slice(2)), call.dtype)]);
  return [call.emit.expand(share, dims)];
};

/** Puts each gradient where its maximum was found. */
const maxPool: Rule = (call) => {
  const { emit, node, x, y, dtype } = call;
  const g = [firstGradient(call)];
  const dims = call.dims(x[0]!);
  if (intAttribute(node, "storage_order", 0)) call.refuse("its indices are in column-major order");
  const indices = y[1] || `${y[0]}:indices`;
  node.outputs = [y[0]!, indices];
  const count = elementCount(call.dims(y[0]!));
  const base = emit.zeros([elementCount(dims)], dtype);
  const placed = emit.op("ScatterElements", [base, emit.reshape(indices, [count]), emit.reshape(g[0]!, [count])], {
    axis: 0,
    reduction: "add",
  });
  return [emit.reshape(placed, dims)];
};

/** Shares the gradient equally among the elements that attain the maximum. */
const globalMaxPool: Rule = ({ emit, x, y, g, dtype, ...call }) => {
  const spatial = call.dims(x[0]!).flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const hits = emit.cast(emit.op("Equal", [x[0]!, y[0]!]), dtype);
  return [emit.op("Mul", [hits, emit.op("Div", [g[0]!, emit.reduceSum(hits, spatial, true)])])];
};

/** Pooling. */
export const poolingRules: RuleTable = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  MaxPool: maxPool,
  GlobalMaxPool: globalMaxPool,
};
