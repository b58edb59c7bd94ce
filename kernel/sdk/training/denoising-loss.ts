import { type Attribute, cloneModel, type Model, type Node } from "../onnx/index.ts";
import { int64 } from "../tensor/index.ts";

/** Names that {@link addDenoisingLoss} adds to a denoiser. */
export const denoisingLoss = { target: "target", weight: "loss_weight", loss: "loss" } as const;

/**
 * Adds the loss of a denoiser (Ho et al. 2020, equation 14) to its graph: the mean of (prediction − target)² over each sample, times
 * the sample's weight, averaged over the batch. Inputs `target` (shaped as the prediction) and `loss_weight` [batch], output `loss`.
 *
 * @param prediction the output that holds the network's answer, [batch, …]
 */
export function addDenoisingLoss(model: Model, prediction: string): Model {
  const edited = cloneModel(model);
  const { graph } = edited;
  const answer = graph.outputs.find(({ name }) => name === prediction);
  const { target, weight, loss } = denoisingLoss;
  graph.inputs.push({ name: target, dtype: "float32", dims: answer?.dims ? [...answer.dims] : undefined });
  graph.inputs.push({ name: weight, dtype: "float32", dims: [answer?.dims?.[0] ?? "batch"] });
  const axes = "loss.axes";
  graph.initializers.set(axes, int64([1, 2, 3]));
  const add = (opType: string, inputs: string[], output: string, attributes: Record<string, Attribute> = {}) => {
    const node: Node = { name: `/loss/${output}`, opType, domain: "", inputs, outputs: [output], attributes };
    graph.nodes.push(node);
    return output;
  };
  const int = (value: number): Attribute => ({ type: "int", value });
  const difference = add("Sub", [prediction, target], "loss.difference");
  const square = add("Mul", [difference, difference], "loss.square");
  // Operator sets before 18 take the axes as an attribute.
  const modern = (edited.opsets.get("") ?? 18) >= 18;
  const perSample = modern
    ? add("ReduceMean", [square, axes], "loss.samples", { keepdims: int(0) })
    : add("ReduceMean", [square], "loss.samples", { keepdims: int(0), axes: { type: "ints", value: [1, 2, 3] } });
  if (!modern) graph.initializers.delete(axes);
  const weighted = add("Mul", [perSample, weight], "loss.weighted");
  add("ReduceMean", [weighted], loss, { keepdims: int(0) });
  graph.outputs = [answer!, { name: loss, dtype: "float32", dims: [] }];
  return edited;
}
