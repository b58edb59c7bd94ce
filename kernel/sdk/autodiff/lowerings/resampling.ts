import { floatAttribute, intAttribute, type Node, stringAttribute } from "../../onnx/index.ts";
import { float32, type Tensor } from "../../tensor/index.ts";
import { copiesBlocks } from "../block-copies.ts";
import { known, type Lowering, type LoweringTable } from "../lowering.ts";

/** Every way to resample but block copies is a linear map along each axis: one matrix product each. */
const resize: Lowering = (call) => {
  const { emit, node, x } = call;
  const from = call.dims(x[0]!);
  const to = call.dims(node.outputs[0]!);
  const odd = ["tf_crop_and_resize", "half_pixel_symmetric"].includes(
    stringAttribute(node, "coordinate_transformation_mode", ""),
  );
  if (copiesBlocks(node, from, to) || odd || intAttribute(node, "antialias", 0) || node.attributes.axes)
    return undefined;
  const given = x[2] ? emit.facts.known.get(x[2])?.toNumbers() : undefined;
  let value = x[0]!;
  let dims = from;
  for (const [axis, length] of to.entries()) {
    const scale = given?.length === to.length ? given[axis]! : length / from[axis]!;
    if (length === from[axis] && scale === 1) continue;
    const turned = [...dims.map((_, i) => i).filter((i) => i !== axis), axis];
    const like = () =>
      known(
        emit,
        x[0]!,
        turned.map((i) => dims[i]!),
      );
    const rows = like()(emit.transpose(value, turned));
    dims = dims.map((dim, i) => (i === axis ? length : dim));
    const product = like()(emit.op("MatMul", [rows, emit.constant(resizeMatrix(node, from[axis]!, length, scale))]));
    value = known(
      emit,
      x[0]!,
      dims,
    )(
      emit.transpose(
        product,
        dims.map((_, i) => turned.indexOf(i)),
      ),
    );
  }
  return value === x[0] ? emit.op("Identity", [value]) : value;
};

/** The weights [from, to] with which each output position of a Resize reads its inputs. */
function resizeMatrix(node: Node, from: number, to: number, scale: number): Tensor<"float32"> {
  const weights = new Float32Array(from * to);
  const transform = stringAttribute(node, "coordinate_transformation_mode", "half_pixel");
  for (let out = 0; out < to; out++) {
    const taps = tapsAt(node, sourcePosition(transform, out, from, to, scale));
    const exclude = intAttribute(node, "exclude_outside", 0) !== 0;
    const used = exclude ? taps.filter(({ at }) => at >= 0 && at < from) : taps;
    const total = exclude ? used.reduce((sum, { weight }) => sum + weight, 0) : 1;
    for (const { at, weight } of used) {
      const inside = Math.min(Math.max(at, 0), from - 1) * to + out;
      weights[inside] = weights[inside]! + weight / total;
    }
  }
  return float32(weights, [from, to]);
}

/** Which input positions an output at `position` (in input lengths) reads, and how much of each. */
function tapsAt(node: Node, position: number): { at: number; weight: number }[] {
  const mode = stringAttribute(node, "mode", "nearest");
  const low = Math.floor(position);
  const t = position - low;
  if (mode === "nearest")
    return [{ at: roundTo(stringAttribute(node, "nearest_mode", "round_prefer_floor"), position), weight: 1 }];
  if (mode === "linear")
    return [
      { at: low, weight: 1 - t },
      { at: low + 1, weight: t },
    ];
  const a = floatAttribute(node, "cubic_coeff_a", -0.75);
  const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)].map((weight, i) => ({ at: low - 1 + i, weight }));
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

/** Resampling in the general case. */
export const resamplingLowerings: LoweringTable = { Resize: resize };
