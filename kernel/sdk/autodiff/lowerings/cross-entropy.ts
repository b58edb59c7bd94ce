import { intAttribute, stringAttribute } from "../../onnx/index.ts";
import type { Ref } from "../emitter.ts";
import { known, type Lowering, type LoweringTable } from "../lowering.ts";

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

/** Losses over class numbers. */
export const crossEntropyLowerings: LoweringTable = {
  SoftmaxCrossEntropyLoss: crossEntropy(true),
  NegativeLogLikelihoodLoss: crossEntropy(false),
};
