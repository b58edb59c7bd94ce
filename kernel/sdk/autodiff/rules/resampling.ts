import { copiesBlocks } from "../block-copies.ts";
import type { Rule, RuleTable } from "../rule.ts";

/** Gradient of a nearest-neighbour enlargement by whole factors: each element gathers the block that it was copied to. */
const resize: Rule = (call) => {
  const { emit, x, g } = call;
  const from = call.dims(x[0]!);
  const to = call.dims(call.y[0]!);
  if (!copiesBlocks(call.node, from, to)) call.refuse("it resamples in a way that has no rule");
  const factors = from.map((dim, axis) => to[axis]! / dim);
  const spatialOnly = from.length === 4 && factors[0] === 1 && factors[1] === 1;
  if (spatialOnly) {
    const kernel = factors.slice(2);
    const mean = emit.op("AveragePool", [g[0]!], { kernel_shape: kernel, strides: kernel });
    return [emit.op("Mul", [mean, emit.scalar(kernel[0]! * kernel[1]!, call.dtype)])];
  }
  const blocks = emit.reshape(
    g[0]!,
    from.flatMap((dim, axis) => [dim, factors[axis]!]),
  );
  return [
    emit.reduceSum(
      blocks,
      from.map((_, axis) => 2 * axis + 1),
      false,
    ),
  ];
};

/** Resize by whole factors; every other way is lowered to matrix products before. */
export const resamplingRules: RuleTable = { Resize: resize };
