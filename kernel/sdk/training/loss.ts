import type { GraphBuilder, Operand, Value } from "../onnx/index.ts";
import { zeros } from "../tensor/index.ts";

/** Mean of a value's elements, as a scalar. With `weight`, elements are multiplied first (the weight broadcasts). */
export function mean(g: GraphBuilder, value: Value, weight?: Operand): Value {
  const weighted = weight === undefined ? value : g.op("Mul", [value, weight]);
  return g.op("ReduceMean", [weighted], { keepdims: 0 });
}

/** Mean squared error. `weight` broadcasts against the difference, for example [batch, 1, 1, 1] for min-SNR. */
export function meanSquaredError(g: GraphBuilder, prediction: Value, target: Value, weight?: Operand): Value {
  const difference = g.op("Sub", [prediction, target]);
  return mean(g, g.op("Mul", [difference, difference]), weight);
}

/** Mean absolute error. */
export function meanAbsoluteError(g: GraphBuilder, prediction: Value, target: Value, weight?: Operand): Value {
  return mean(g, g.op("Abs", [g.op("Sub", [prediction, target])]), weight);
}

/** Huber's loss: squared below `delta`, linear above (PyTorch's `huber_loss`). */
export function huber(g: GraphBuilder, prediction: Value, target: Value, delta = 1, weight?: Operand): Value {
  const size = g.op("Abs", [g.op("Sub", [prediction, target])]);
  const capped = g.op("Min", [size, delta]);
  const parabola = g.op("Mul", [g.op("Mul", [capped, capped]), 0.5]);
  const line = g.op("Mul", [g.op("Sub", [size, capped]), delta]);
  return mean(g, g.op("Add", [parabola, line]), weight);
}

/** Cross entropy of logits [batch, classes] against class numbers [batch] (int64), averaged over the batch. */
export function crossEntropy(g: GraphBuilder, logits: Value, labels: Value, classes: number): Value {
  const chance = g.op("LogSoftmax", [logits], { axis: -1 });
  const chosen = g.op("OneHot", [labels, g.constant(scalarInt(classes)), g.floats(0, 1)]);
  const picked = g.op("ReduceSum", [g.op("Mul", [chance, chosen]), g.ints(-1)], { keepdims: 0 });
  return g.op("Neg", [g.op("ReduceMean", [picked], { keepdims: 0 })]);
}

/** Divergence of a diagonal normal from the standard normal, averaged over all elements (the VAE's second term). */
export function klDivergence(g: GraphBuilder, means: Value, logVariances: Value): Value {
  const spread = g.op("Sub", [g.op("Exp", [logVariances]), logVariances]);
  const sum = g.op("Sub", [g.op("Add", [g.op("Mul", [means, means]), spread]), 1]);
  return g.op("Mul", [mean(g, sum), 0.5]);
}

function scalarInt(value: number) {
  const tensor = zeros([], "int64");
  tensor.data[0] = BigInt(value);
  return tensor;
}
