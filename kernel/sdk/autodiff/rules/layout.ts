import { intAttribute, intsAttribute, stringAttribute } from "../../onnx/index.ts";
import type { Ref } from "../emitter.ts";
import { positiveAxis, type Rule, type RuleTable } from "../rule.ts";

/** Same elements, other shape. */
const reshaped: Rule = (call) => [call.emit.reshape(call.g[0]!, call.dims(call.x[0]!))];

const concat: Rule = (call) => {
  const { emit, node, x, g } = call;
  const axis = positiveAxis(intAttribute(node, "axis", 0), call.dims(call.y[0]!).length);
  const sizes = x.map((input) => call.dims(input)[axis]!);
  if (x.every((_, i) => call.needs(i))) return emit.ops("Split", [g[0]!, emit.ints(sizes)], { axis }, x.length);
  let start = 0;
  return sizes.map((size, i) => {
    const from = start;
    start += size;
    return call.needs(i) ? emit.slice(g[0]!, [from], [start], [axis]) : undefined;
  });
};

const split: Rule = (call) => {
  const { emit, node, y, g, dtype } = call;
  const axis = positiveAxis(intAttribute(node, "axis", 0), call.dims(call.x[0]!).length);
  const parts = y.map((output, i) => g[i] ?? emit.zeros(call.dims(output), dtype));
  return [emit.op("Concat", parts, { axis })];
};

/** Undoes a Slice: gaps of the step are filled with zeros, then both ends. */
const slice: Rule = (call) => {
  const { emit, x, g, dtype } = call;
  const dims = call.dims(x[0]!);
  const output = call.dims(call.y[0]!);
  const starts = call.numbers(x[1]!);
  const axes = (x[3] ? call.numbers(x[3]) : starts.map((_, i) => i)).map((axis) => positiveAxis(axis, dims.length));
  const steps = x[4] ? call.numbers(x[4]) : starts.map(() => 1);
  let gradient = g[0]!;
  const shape = [...output];
  const before = dims.map(() => 0);
  for (const [i, axis] of axes.entries()) {
    const step = steps[i]!;
    const length = dims[axis]!;
    const given = starts[i]! < 0 ? starts[i]! + length : starts[i]!;
    const first = Math.min(Math.max(given, 0), step < 0 ? length - 1 : length);
    const count = output[axis]!;
    before[axis] = step < 0 ? first + (count - 1) * step : first;
    if (count === 0) before[axis] = 0;
    if (step < 0) gradient = emit.slice(gradient, [-1], [Number.MIN_SAFE_INTEGER], [axis], [-1]);
    const gap = Math.abs(step);
    if (gap === 1 || count === 0) continue;
    const spread = emit.reshape(gradient, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
    const none = new Array<number>(dims.length + 1).fill(0);
    const filled = emit.pad(
      spread,
      none,
      none.map((_, at) => (at === axis + 1 ? gap - 1 : 0)),
      dtype,
    );
    shape[axis] = count * gap;
    gradient = emit.reshape(filled, shape);
  }
  const after = dims.map((length, axis) => length - before[axis]! - shape[axis]!);
  return [emit.pad(gradient, before, after, dtype)];
};

const pad: Rule = (call) => {
  const { emit, node, x, g, dtype } = call;
  if (stringAttribute(node, "mode", "constant") !== "constant") call.refuse("only constant padding has a gradient");
  const rank = call.dims(x[0]!).length;
  const pads = call.numbers(x[1]!);
  const axes = x[3] ? call.numbers(x[3]).map((axis) => positiveAxis(axis, rank)) : undefined;
  const amounts = (offset: number) =>
    Array.from({ length: rank }, (_, axis) => {
      const at = axes ? axes.indexOf(axis) : axis;
      return at < 0 ? 0 : -pads[at + offset]!;
    });
  return [emit.pad(g[0]!, amounts(0), amounts(pads.length / 2), dtype), undefined, padValue(call)];
};

/** Gradient of the value that a Pad writes: rarely trained, so it is refused rather than approximated. */
function padValue(call: Parameters<Rule>[0]): Ref | undefined {
  return call.x[2] && call.needs(2) ? call.refuse("its padding value is trained") : undefined;
}

const tile: Rule = (call) => {
  const { emit, x, g } = call;
  const dims = call.dims(x[0]!);
  const repeats = call.numbers(x[1]!);
  const pairs = emit.reshape(
    g[0]!,
    dims.flatMap((dim, axis) => [repeats[axis]!, dim]),
  );
  return [
    emit.reduceSum(
      pairs,
      dims.map((_, axis) => 2 * axis),
      false,
    ),
  ];
};

const depthToSpace: Rule = (call) => {
  const { emit, node, x, g } = call;
  const blocksize = intAttribute(node, "blocksize", 1);
  if (stringAttribute(node, "mode", "DCR") === "DCR") return [emit.op("SpaceToDepth", [g[0]!], { blocksize })];
  const [batch, channels, height, width] = call.dims(x[0]!) as [number, number, number, number];
  const inner = channels / blocksize ** 2;
  const split = emit.reshape(g[0]!, [batch, inner, height, blocksize, width, blocksize]);
  return [emit.reshape(emit.transpose(split, [0, 1, 3, 5, 2, 4]), [batch, channels, height, width])];
};

/** Operators that move values without changing them. */
export const layoutRules: RuleTable = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: (call) => {
    const rank = call.dims(call.x[0]!).length;
    const perm = intsAttribute(call.node, "perm") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    return [
      call.emit.transpose(
        call.g[0]!,
        Array.from({ length: rank }, (_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
  Expand: (call) => [call.emit.unbroadcast(call.g[0]!, call.dims(call.y[0]!), call.dims(call.x[0]!))],
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Tile: tile,
  Trilu: ({ emit, node, x, g }) => [emit.op("Trilu", [g[0]!, x[1] ?? null], { upper: intAttribute(node, "upper", 1) })],
  DepthToSpace: depthToSpace,
  SpaceToDepth: ({ emit, node, g }) => [
    emit.op("DepthToSpace", [g[0]!], { blocksize: intAttribute(node, "blocksize", 1) }),
  ],
};
