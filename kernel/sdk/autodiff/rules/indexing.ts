import { intAttribute, stringAttribute } from "../../onnx/index.ts";
import { elementCount, int64 } from "../../tensor/index.ts";
import type { Ref } from "../emitter.ts";
import { firstGradient, positiveAxis, type Rule, type RuleCall, type RuleTable } from "../rule.ts";

/** Adds each gradient to the row that was read. One fixed row is padded into place instead. */
const gather: Rule = (call) => {
  const { emit, node, x, g, dtype } = call;
  const dims = call.dims(x[0]!);
  const indexDims = call.dims(x[1]!);
  const axis = positiveAxis(intAttribute(node, "axis", 0), dims.length);
  const known = call.known(x[1]!);
  if (known?.size === 1) {
    const at = positiveAxis(known.toNumbers()[0]!, dims[axis]!);
    const row = emit.reshape(
      g[0]!,
      dims.map((dim, i) => (i === axis ? 1 : dim)),
    );
    const before = dims.map((_, i) => (i === axis ? at : 0));
    return [
      emit.pad(
        row,
        before,
        dims.map((dim, i) => (i === axis ? dim - at - 1 : 0)),
        dtype,
      ),
      undefined,
    ];
  }
  const count = elementCount(indexDims);
  const outer = dims.slice(0, axis);
  const inner = dims.slice(axis + 1);
  const flat = emit.reshape(g[0]!, [...outer, count, ...inner]);
  const perm = dims.map((_, i) => i);
  const front = [axis, ...perm.filter((i) => i !== axis)];
  const rows = emit.transpose(flat, front);
  const base = emit.zeros([dims[axis]!, ...outer, ...inner], dtype);
  const sum = emit.op("ScatterND", [base, emit.reshape(x[1]!, [count, 1]), rows], { reduction: "add" });
  return [
    emit.transpose(
      sum,
      perm.map((i) => front.indexOf(i)),
    ),
    undefined,
  ];
};

/** The indices of a GatherND with those of its batch axes in front. */
function fullIndices({ emit, node, x, ...call }: RuleCall): Ref {
  const shared = intAttribute(node, "batch_dims", 0);
  if (shared === 0) return x[1]!;
  const dims = call.dims(x[1]!);
  const batch = dims.slice(0, shared);
  const within = elementCount(dims.slice(shared, -1));
  const positions: number[] = [];
  for (let at = 0; at < elementCount(batch); at++) {
    const place = batch.map((length, axis) => Math.floor(at / elementCount(batch.slice(axis + 1))) % length);
    for (let i = 0; i < within; i++) positions.push(...place);
  }
  return emit.op("Concat", [emit.constant(int64(positions, [...dims.slice(0, -1), shared])), x[1]!], { axis: -1 });
}

/** Indexing with computed positions. */
export const indexingRules: RuleTable = {
  Gather: gather,
  GatherElements: ({ emit, node, x, g, dtype, ...call }) => {
    const base = emit.zeros(call.dims(x[0]!), dtype);
    return [
      emit.op("ScatterElements", [base, x[1]!, g[0]!], { axis: intAttribute(node, "axis", 0), reduction: "add" }),
      undefined,
    ];
  },
  GatherND: (call) => {
    const base = call.emit.zeros(call.dims(call.x[0]!), call.dtype);
    return [call.emit.op("ScatterND", [base, fullIndices(call), call.g[0]!], { reduction: "add" }), undefined];
  },
  TopK: (call) => {
    const { emit, node, x, y, dtype } = call;
    const indices = y[1] || `${y[0]}:indices`;
    node.outputs = [y[0]!, indices];
    const base = emit.zeros(call.dims(x[0]!), dtype);
    const axis = intAttribute(node, "axis", -1);
    return [emit.op("ScatterElements", [base, indices, firstGradient(call)], { axis, reduction: "add" }), undefined];
  },
  ScatterElements: ({ emit, node, x, g, dtype, ...call }) => {
    const axis = intAttribute(node, "axis", 0);
    const reduction = stringAttribute(node, "reduction", "none");
    if (reduction !== "none" && reduction !== "add") call.refuse(`its reduction is ${reduction}`);
    const cleared = () => emit.op("ScatterElements", [g[0]!, x[1]!, emit.zeros(call.dims(x[2]!), dtype)], { axis });
    const data = call.needs(0) ? (reduction === "add" ? g[0]! : cleared()) : undefined;
    return [data, undefined, call.needs(2) ? emit.op("GatherElements", [g[0]!, x[1]!], { axis }) : undefined];
  },
  ScatterND: ({ emit, node, x, g, dtype, ...call }) => {
    const reduction = stringAttribute(node, "reduction", "none");
    if (reduction !== "none" && reduction !== "add") call.refuse(`its reduction is ${reduction}`);
    const cleared = () => emit.op("ScatterND", [g[0]!, x[1]!, emit.zeros(call.dims(x[2]!), dtype)]);
    const data = call.needs(0) ? (reduction === "add" ? g[0]! : cleared()) : undefined;
    return [data, undefined, call.needs(2) ? emit.op("GatherND", [g[0]!, x[1]!]) : undefined];
  },
};
