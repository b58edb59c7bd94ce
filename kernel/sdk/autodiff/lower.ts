import { floatAttribute, type Graph, intAttribute, type Node, stringAttribute } from "../onnx/index.ts";
import { elementCount, float32, full, int64, type Tensor } from "../tensor/index.ts";
import { Emitter, type Facts, type Ref } from "./emitter.ts";
import { positiveAxis, ruleKey } from "./rule.ts";

interface LowerCall {
  readonly node: Node;
  readonly emit: Emitter;
  readonly x: readonly Ref[];
  dims(ref: Ref): readonly number[];
}

/** Writes a node in terms of simpler ones and returns what replaces its output, or undefined to leave the node as it is. */
type Lowering = (call: LowerCall) => Ref | undefined;

/**
 * Replaces composite operators, in place, by the simpler ones that have gradient rules, where a parameter influences them.
 * @param tracked values that depend on a parameter.
 */
export function lower(graph: Graph, facts: Facts, tracked: ReadonlySet<Ref>): void {
  const emit = new Emitter(graph, facts, "lowered");
  const dims = (ref: Ref) => facts.dims.get(ref)!;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const lowering = node.inputs.some((input) => tracked.has(input)) ? lowerings[ruleKey(node)] : undefined;
    const result = lowering?.({ node, emit, x: node.inputs, dims });
    nodes.push(...emit.nodes.splice(0));
    if (result === undefined) nodes.push(node);
    else rename(nodes, result, node.outputs[0]!);
  }
  graph.nodes = nodes;
}

/** The last emitted node takes over the name of the output that it replaces. */
function rename(nodes: readonly Node[], from: Ref, to: Ref): void {
  const last = nodes.at(-1)!;
  last.outputs = last.outputs.map((output) => (output === from ? to : output));
}

/** Types and shapes of what a lowering makes must be known to the rules. */
function known(emit: Emitter, like: Ref, dims: readonly number[]) {
  return (ref: Ref) => emit.know(ref, emit.facts.dtypes.get(like)!, dims);
}

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

/** Reflecting and repeating padding reads each axis at known positions. */
const pad: Lowering = (call) => {
  const { emit, node, x } = call;
  const mode = stringAttribute(node, "mode", "constant");
  if (mode === "constant") return undefined;
  const pads = emit.facts.known.get(x[1]!)?.toNumbers();
  if (!pads) return undefined;
  let dims = call.dims(x[0]!);
  const axes = x[3]
    ? emit.facts.known
        .get(x[3])!
        .toNumbers()
        .map((axis) => positiveAxis(axis, dims.length))
    : dims.map((_, axis) => axis);
  let value = x[0]!;
  for (const [i, axis] of axes.entries()) {
    const [before, after] = [pads[i]!, pads[i + axes.length]!];
    if (before === 0 && after === 0) continue;
    const length = dims[axis]!;
    const positions = Array.from({ length: before + length + after }, (_, at) => reflect(mode, at - before, length));
    dims = dims.map((dim, at) => (at === axis ? positions.length : dim));
    value = known(emit, x[0]!, dims)(emit.op("Gather", [value, emit.constant(int64(positions))], { axis }));
  }
  return value === x[0] ? emit.op("Identity", [value]) : value;
};

function reflect(mode: string, at: number, length: number): number {
  if (mode === "edge") return Math.min(Math.max(at, 0), length - 1);
  if (mode === "wrap") return ((at % length) + length) % length;
  const period = Math.max(1, 2 * (length - 1));
  const inside = ((at % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** Other enlargements and reductions than by whole factors are linear maps along each axis: one matrix product each. */
const resize: Lowering = (call) => {
  const { emit, node, x } = call;
  const from = call.dims(x[0]!);
  const to = call.dims(node.outputs[0]!);
  const mode = stringAttribute(node, "mode", "nearest");
  if (mode === "nearest" && from.every((dim, axis) => to[axis]! % dim === 0)) return undefined;
  const supported = mode === "nearest" || mode === "linear";
  if (!supported || stringAttribute(node, "coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize")
    return undefined;
  const given = x[2] ? emit.facts.known.get(x[2])?.toNumbers() : undefined;
  let value = x[0]!;
  let dims = from;
  for (const [axis, length] of to.entries()) {
    if (length === from[axis]) continue;
    const scale = given && given.length === to.length ? given[axis]! : length / from[axis]!;
    const matrix = resizeMatrix(node, from[axis]!, length, scale);
    const perm = dims.map((_, i) => i).filter((i) => i !== axis);
    const turned = [...perm, axis];
    const rows = known(
      emit,
      x[0]!,
      turned.map((i) => dims[i]!),
    )(emit.op("Transpose", [value], { perm: turned }));
    dims = dims.map((dim, i) => (i === axis ? length : dim));
    const product = known(
      emit,
      x[0]!,
      turned.map((i) => dims[i]!),
    )(emit.op("MatMul", [rows, emit.constant(matrix)]));
    const home = dims.map((_, i) => turned.indexOf(i));
    value = known(emit, x[0]!, dims)(emit.op("Transpose", [product], { perm: home }));
  }
  return value;
};

/** The weights [from, to] with which each output position of a Resize reads its inputs. */
function resizeMatrix(node: Node, from: number, to: number, scale: number): Tensor<"float32"> {
  const weights = new Float32Array(from * to);
  const transform = stringAttribute(node, "coordinate_transformation_mode", "half_pixel");
  const nearest = stringAttribute(node, "mode", "nearest") === "nearest";
  const rounding = stringAttribute(node, "nearest_mode", "round_prefer_floor");
  for (let out = 0; out < to; out++) {
    const at = sourcePosition(transform, out, from, to, scale);
    const low = nearest ? roundTo(rounding, at) : Math.floor(at);
    const share = nearest ? 0 : at - low;
    const add = (position: number, weight: number) => {
      const inside = Math.min(Math.max(position, 0), from - 1);
      weights[inside * to + out] = weights[inside * to + out]! + weight;
    };
    add(low, 1 - share);
    add(low + 1, share);
  }
  return float32(weights, [from, to]);
}

function sourcePosition(transform: string, out: number, from: number, to: number, scale: number): number {
  if (transform === "asymmetric") return out / scale;
  if (transform === "align_corners") return to === 1 ? 0 : (out * (from - 1)) / (to - 1);
  if (transform === "pytorch_half_pixel" && to === 1) return 0;
  return (out + 0.5) / scale - 0.5;
}

function roundTo(mode: string, at: number): number {
  if (mode === "floor") return Math.floor(at);
  if (mode === "ceil") return Math.ceil(at);
  return mode === "round_prefer_ceil" ? Math.floor(at + 0.5) : Math.ceil(at - 0.5);
}

/** Cross entropy of scores [N, C, …] with class numbers [N, …], or of log-probabilities where `fromScores` is false. */
function crossEntropy(fromScores: boolean): Lowering {
  return ({ emit, node, x, dims }) => {
    const [scores, labels, weights] = x as [Ref, Ref, Ref | undefined];
    if (node.outputs[1]) return undefined;
    const like = known(emit, scores, dims(scores));
    const flat = known(emit, scores, dims(labels));
    const index = emit.facts.dtypes.get(labels)!;
    const chances = fromScores ? like(emit.op("LogSoftmax", [scores], { axis: 1 })) : scores;
    const ignored = emit.op("Equal", [labels, emit.scalar(intAttribute(node, "ignore_index", -1), index)]);
    const safe = known(emit, labels, dims(labels))(emit.op("Where", [ignored, emit.scalar(0, index), labels]));
    const column = [dims(labels)[0]!, 1, ...dims(labels).slice(1)];
    const at = known(emit, labels, column)(emit.reshape(safe, column));
    const picked = known(emit, scores, column)(emit.op("GatherElements", [chances, at], { axis: 1 }));
    const each = weights ? emit.op("Gather", [weights, safe]) : emit.scalar(1, emit.facts.dtypes.get(scores)!);
    const share = flat(emit.op("Where", [ignored, emit.scalar(0, emit.facts.dtypes.get(scores)!), each]));
    const loss = flat(emit.op("Neg", [flat(emit.op("Mul", [flat(emit.reshape(picked, dims(labels))), share]))]));
    const reduction = stringAttribute(node, "reduction", "mean");
    if (reduction === "none") return loss;
    const scalar = known(emit, scores, []);
    const all = dims(labels).map((_, axis) => axis);
    const sum = scalar(emit.reduceSum(loss, all, false));
    return reduction === "sum" ? sum : scalar(emit.op("Div", [sum, scalar(emit.reduceSum(share, all, false))]));
  };
}

const lowerings: Readonly<Record<string, Lowering>> = {
  InstanceNormalization: (call) => groupNormalization(call, call.dims(call.x[0]!)[1]!, call.x[1]!, call.x[2]!),
  GroupNormalization: groupNorm,
  BatchNormalization: batchNorm,
  RMSNormalization: rmsNorm,
  SoftmaxCrossEntropyLoss: crossEntropy(true),
  NegativeLogLikelihoodLoss: crossEntropy(false),
  Pad: pad,
  Resize: resize,
};
