import { stringAttribute } from "../../onnx/index.ts";
import { int64 } from "../../tensor/index.ts";
import { known, type Lowering, type LoweringTable } from "../lowering.ts";
import { positiveAxis } from "../rule.ts";

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

/** Padding with values of the input itself. */
export const paddingLowerings: LoweringTable = { Pad: pad };
