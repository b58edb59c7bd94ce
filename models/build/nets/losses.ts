import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { QUESTIONS } from "./labels.ts";
import type { Net } from "./net.ts";

/** Mean of all elements. */
export function mean(net: Net, x: Value): Value {
  return net.op("ReduceMean", [x], { keepdims: 0 });
}

/** A weighted sum of scalars. */
export function weighted(net: Net, terms: readonly (readonly [weight: number, term: Value])[]): Value {
  const parts = terms.map(([weight, term]) => (weight === 1 ? term : net.op("Mul", [term, weight])));
  return parts.reduce((sum, part) => net.op("Add", [sum, part]));
}

/** How far a picture is from another: |d| + 4·d² + ½·(|∂d/∂x| + |∂d/∂y|), each a mean. The last keeps edges crisp. */
export function pictureLoss(net: Net, made: Value, wanted: Value, size: number): Value {
  const { g } = net;
  const d = net.op("Sub", [made, wanted]);
  const slope = (axis: number) => {
    const later = net.op("Slice", [d, g.ints(1), g.ints(size), g.ints(axis)]);
    const earlier = net.op("Slice", [d, g.ints(0), g.ints(size - 1), g.ints(axis)]);
    return mean(net, net.op("Abs", [net.op("Sub", [later, earlier])]));
  };
  return weighted(net, [
    [1, mean(net, net.op("Abs", [d]))],
    [4, mean(net, net.op("Mul", [d, d]))],
    [0.5, slope(2)],
    [0.5, slope(3)],
  ]);
}

/** Kullback–Leibler divergence of a diagonal normal from the standard one, per element. */
export function klLoss(net: Net, means: Value, logVariances: Value): Value {
  const variance = net.op("Exp", [logVariances]);
  const sum = net.op("Sub", [net.op("Add", [net.op("Mul", [means, means]), variance]), logVariances]);
  return net.op("Mul", [net.op("Sub", [mean(net, sum), 1]), 0.5]);
}

/** Sum over the questions of the cross-entropy of logits [B, LOGITS] with one-hot answers, a mean over the batch. */
export function questionLoss(net: Net, logits: Value, answers: Value): Value {
  const lengths = QUESTIONS.map((question) => question.answers.length);
  const sizes = new Tensor("int64", [lengths.length], BigInt64Array.from(lengths, BigInt));
  const parts = net.g.ops("Split", [logits, sizes], { axis: 1 }, lengths.length);
  const likely = net.op(
    "Concat",
    parts.map((part) => net.op("LogSoftmax", [part], { axis: -1 })),
    { axis: 1 },
  );
  const perPicture = net.op("ReduceSum", [net.op("Mul", [likely, answers]), net.g.ints(1)], { keepdims: 0 });
  return net.op("Neg", [mean(net, perPicture)]);
}

/** x / |x| along the last axis of [B, N]. */
export function normalised(net: Net, x: Value): Value {
  const squares = net.op("ReduceSum", [net.op("Mul", [x, x]), net.g.ints(1)], { keepdims: 1 });
  return net.op("Div", [x, net.op("Sqrt", [net.op("Add", [squares, 1e-6])])]);
}

/** CLIP's symmetric loss: each of `batch` pictures finds its caption among all, and the other way round. Both [B, N], unit length. */
export function contrastiveLoss(net: Net, images: Value, texts: Value, logScale: Value, batch: number): Value {
  const eye = new Float32Array(batch * batch);
  for (let i = 0; i < batch; i++) eye[i * batch + i] = 1 / batch;
  const own = net.g.constant(new Tensor("float32", [batch, batch], eye));
  const similar = net.op("MatMul", [images, net.op("Transpose", [texts], { perm: [1, 0] })]);
  const logits = net.op("Mul", [similar, net.op("Exp", [logScale])]);
  const hit = (value: Value) =>
    net.op("ReduceSum", [net.op("Mul", [net.op("LogSoftmax", [value], { axis: -1 }), own])], { keepdims: 0 });
  const both = net.op("Add", [hit(logits), hit(net.op("Transpose", [logits], { perm: [1, 0] }))]);
  return net.op("Mul", [both, -0.5]);
}
