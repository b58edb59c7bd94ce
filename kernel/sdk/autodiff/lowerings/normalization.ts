import { floatAttribute, intAttribute } from "../../onnx/index.ts";
import { elementCount, full } from "../../tensor/index.ts";
import type { Ref } from "../emitter.ts";
import { known, type LowerCall, type Lowering, type LoweringTable } from "../lowering.ts";
import { positiveAxis } from "../rule.ts";

/** x̂ over all of the last axis of [rows, count], through LayerNormalization, whose statistics the backward pass reuses. */
function standardized({ emit }: LowerCall, x: Ref, shape: readonly number[], epsilon: number): Ref {
  const like = known(emit, x, shape);
  const unit = emit.constant(full([shape.at(-1)!], 1));
  return like(emit.op("LayerNormalization", [x, unit], { axis: -1, epsilon }));
}

/** Normalises groups of channels, then scales and shifts: `groups` is the channel count for instance normalisation. */
function groupNormalization(call: LowerCall, groups: number, scale: Ref, shift: Ref): Ref {
  const { emit, node, x } = call;
  const dims = call.dims(x[0]!);
  const [batch, channels] = dims as [number, number];
  const rows = [batch, groups, elementCount(dims.slice(1)) / groups];
  const grouped = known(emit, x[0]!, rows)(emit.reshape(x[0]!, rows));
  const normal = standardized(call, grouped, rows, floatAttribute(node, "epsilon", 1e-5));
  const like = known(emit, x[0]!, dims);
  const restored = like(emit.reshape(normal, dims));
  return perChannel(call, restored, scale, shift, channels);
}

/** x·scale + shift with one value per channel; a scale of ones and a shift of zeros cost nothing. */
function perChannel({ emit, x, ...call }: LowerCall, value: Ref, scale: Ref, shift: Ref, channels: number): Ref {
  const dims = call.dims(x[0]!);
  const like = known(emit, x[0]!, dims);
  const column = [channels, ...dims.slice(2).map(() => 1)];
  const isAll = (ref: Ref, number: number) =>
    emit.facts.known
      .get(ref)
      ?.toNumbers()
      .every((one) => one === number) ?? false;
  const wide = (ref: Ref) => known(emit, ref, column)(emit.reshape(ref, column));
  const scaled = isAll(scale, 1) ? value : like(emit.op("Mul", [value, wide(scale)]));
  return isAll(shift, 0) ? scaled : like(emit.op("Add", [scaled, wide(shift)]));
}

/** Group normalisation of operator set 18 has one scale per group, that of set 21 one per channel. */
const groupNorm: Lowering = (call) => {
  const { emit, node, x } = call;
  const groups = intAttribute(node, "num_groups", 1);
  const channels = call.dims(x[0]!)[1]!;
  const wide = (ref: Ref) => {
    if (call.dims(ref)[0] === channels) return ref;
    const grid = [groups, channels / groups];
    const column = known(emit, ref, [groups, 1])(emit.reshape(ref, [groups, 1]));
    const stretched = known(emit, ref, grid)(emit.expand(column, grid));
    return known(emit, ref, [channels])(emit.reshape(stretched, [channels]));
  };
  return groupNormalization(call, groups, wide(x[1]!), wide(x[2]!));
};

const batchNorm: Lowering = (call) => {
  const { emit, node, x } = call;
  if (intAttribute(node, "training_mode", 0)) return undefined;
  const [, scale, shift, mean, variance] = x as [Ref, Ref, Ref, Ref, Ref];
  const like = known(emit, x[0]!, call.dims(scale));
  const epsilon = emit.scalar(floatAttribute(node, "epsilon", 1e-5), "float32");
  const deviation = like(emit.op("Sqrt", [like(emit.op("Add", [variance, epsilon]))]));
  const factor = like(emit.op("Div", [scale, deviation]));
  const offset = like(emit.op("Sub", [shift, like(emit.op("Mul", [mean, factor]))]));
  return perChannel(call, x[0]!, factor, offset, call.dims(scale)[0]!);
};

/** Root-mean-square normalisation (operator set 23). */
const rmsNorm: Lowering = (call) => {
  const { emit, node, x } = call;
  const dims = call.dims(x[0]!);
  const axis = positiveAxis(intAttribute(node, "axis", -1), dims.length);
  const axes = dims.flatMap((_, i) => (i >= axis ? [i] : []));
  const like = known(emit, x[0]!, dims);
  const small = known(
    emit,
    x[0]!,
    dims.map((dim, i) => (i >= axis ? 1 : dim)),
  );
  const square = small(emit.reduceMean(like(emit.op("Mul", [x[0]!, x[0]!])), axes));
  const root = small(
    emit.op("Sqrt", [small(emit.op("Add", [square, emit.scalar(floatAttribute(node, "epsilon", 1e-5), "float32")]))]),
  );
  return like(emit.op("Mul", [like(emit.op("Div", [x[0]!, root])), x[1]!]));
};

/** Normalisations other than LayerNormalization, in terms of it. */
export const normalizationLowerings: LoweringTable = {
  InstanceNormalization: (call) => groupNormalization(call, call.dims(call.x[0]!)[1]!, call.x[1]!, call.x[2]!),
  GroupNormalization: groupNorm,
  BatchNormalization: batchNorm,
  RMSNormalization: rmsNorm,
};
