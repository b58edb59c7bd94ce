import { intAttribute, type Node } from "../../onnx/index.ts";
import { elementCount } from "../../tensor/index.ts";
import type { Ref } from "../emitter.ts";
import { positiveAxis, type Rule, type RuleCall, type RuleTable } from "../rule.ts";

/** Axes that a Reduce node sums over. */
function axesOf(call: RuleCall): number[] {
  const rank = call.dims(call.x[0]!).length;
  const given = call.x[1] ? call.numbers(call.x[1]) : [];
  if (given.length > 0) return given.map((axis) => positiveAxis(axis, rank));
  return intAttribute(call.node, "noop_with_empty_axes", 0) ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** A rule from the gradient per element, given gradient and result with the reduced axes kept as 1. */
function reduction(gradient: (call: RuleCall, g: Ref, y: Ref, axes: number[]) => Ref): Rule {
  return (call) => {
    const { emit } = call;
    const dims = call.dims(call.x[0]!);
    const axes = axesOf(call);
    const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const keepsRank = call.dims(call.y[0]!).length === dims.length;
    const shaped = (ref: Ref) => (keepsRank ? ref : emit.reshape(ref, kept));
    return [gradient(call, shaped(call.g[0]!), shaped(call.y[0]!), axes), undefined];
  };
}

/** Shares the gradient of a maximum or minimum equally among the elements that attain it, as PyTorch's amax does. */
const extremum = reduction(({ emit, x, dtype }, g, y, axes) => {
  const hits = emit.cast(emit.op("Equal", [x[0]!, y]), dtype);
  return emit.op("Mul", [hits, emit.op("Div", [g, emit.reduceSum(hits, axes, true)])]);
});

function softmaxAxis(node: Node, rank: number): number {
  return positiveAxis(intAttribute(node, "axis", -1), rank);
}

/** Reductions, softmax and cumulative sums. */
export const reductionRules: RuleTable = {
  ReduceSum: reduction((call, g) => call.emit.expand(g, call.dims(call.x[0]!))),
  ReduceMean: reduction((call, g, _, axes) => {
    const dims = call.dims(call.x[0]!);
    const count = elementCount(axes.map((axis) => dims[axis]!));
    return call.emit.expand(call.emit.op("Mul", [g, call.emit.scalar(1 / count, call.dtype)]), dims);
  }),
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceSumSquare: reduction(({ emit, x, dtype }, g) =>
    emit.op("Mul", [emit.op("Mul", [g, emit.scalar(2, dtype)]), x[0]!]),
  ),
  ReduceL1: reduction(({ emit, x }, g) => emit.op("Mul", [g, emit.op("Sign", [x[0]!])])),
  ReduceL2: reduction(({ emit, x, dtype }, g, y) => {
    const safe = emit.op("Where", [emit.op("Equal", [y, emit.scalar(0, dtype)]), emit.scalar(1, dtype), y]);
    return emit.op("Mul", [emit.op("Div", [g, safe]), x[0]!]);
  }),
  ReduceLogSum: reduction((call, g, y) =>
    call.emit.expand(call.emit.op("Div", [g, call.emit.op("Exp", [y])]), call.dims(call.x[0]!)),
  ),
  ReduceLogSumExp: reduction(({ emit, x }, g, y) => emit.op("Mul", [g, emit.op("Exp", [emit.op("Sub", [x[0]!, y])])])),
  ReduceProd: reduction(({ emit, x }, g, y) => emit.op("Div", [emit.op("Mul", [g, y]), x[0]!])),
  Softmax: ({ emit, node, x, y, g, ...call }) => {
    const axis = softmaxAxis(node, call.dims(x[0]!).length);
    const weighted = emit.op("Mul", [g[0]!, y[0]!]);
    return [emit.op("Sub", [weighted, emit.op("Mul", [y[0]!, emit.reduceSum(weighted, [axis], true)])])];
  },
  LogSoftmax: ({ emit, node, x, y, g, ...call }) => {
    const axis = softmaxAxis(node, call.dims(x[0]!).length);
    return [emit.op("Sub", [g[0]!, emit.op("Mul", [emit.op("Exp", [y[0]!]), emit.reduceSum(g[0]!, [axis], true)])])];
  },
  CumSum: ({ emit, node, x, g }) => {
    const reverse = 1 - intAttribute(node, "reverse", 0);
    return [emit.op("CumSum", [g[0]!, x[1]!], { reverse, exclusive: intAttribute(node, "exclusive", 0) })];
  },
};
