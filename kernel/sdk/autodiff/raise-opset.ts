import { problem } from "../errors.ts";
import { intAttribute, intsAttribute, type Model, type Node } from "../onnx/index.ts";
import { int64, scalar, type Tensor } from "../tensor/index.ts";

/** The operator set whose forms the gradient rules read and write. */
export const rulesOpset = 18;
const oldest = 11;

/** Operators that took their axes as an attribute, and the set in which they became an input. */
const axesBecameInput: Record<string, number> = {
  ReduceSum: 13,
  Squeeze: 13,
  Unsqueeze: 13,
  ReduceMean: 18,
  ReduceMax: 18,
  ReduceMin: 18,
  ReduceProd: 18,
  ReduceL1: 18,
  ReduceL2: 18,
  ReduceLogSum: 18,
  ReduceLogSumExp: 18,
  ReduceSumSquare: 18,
};

/**
 * Rewrites the nodes of an older model, in place, in the form of operator set 18. Newer models stay as they are.
 * @throws AssayError `autodiff.opset` below operator set 11.
 */
export function raiseOpset(model: Model, name: string): void {
  const version = model.opsets.get("") ?? rulesOpset;
  if (version < oldest) throw problem.opsetTooOld(name, version);
  if (version >= rulesOpset) return;
  const { graph } = model;
  let added = 0;
  const constant = (tensor: Tensor) => {
    const ref = `raised/${added++}`;
    graph.initializers.set(ref, tensor);
    return ref;
  };
  graph.nodes = graph.nodes.flatMap((node) => {
    if (node.domain !== "") return [node];
    if (version < (axesBecameInput[node.opType] ?? 0)) moveAxes(node, constant);
    if (node.opType === "Split") raiseSplit(node, version, constant);
    if (node.opType === "Dropout" && version < 12) {
      node.attributes = {};
      node.inputs = [node.inputs[0]!, "", constant(scalar(0, "bool"))];
    }
    return version < 13 && /^(Log)?Softmax$/.test(node.opType) ? flatSoftmax(node) : [node];
  });
  model.opsets.set("", rulesOpset);
}

function moveAxes(node: Node, constant: (tensor: Tensor) => string): void {
  const axes = intsAttribute(node, "axes");
  delete node.attributes.axes;
  if (axes) node.inputs = [node.inputs[0]!, constant(int64(axes))];
}

function raiseSplit(node: Node, version: number, constant: (tensor: Tensor) => string): void {
  const sizes = version < 13 ? intsAttribute(node, "split") : undefined;
  delete node.attributes.split;
  if (sizes) node.inputs = [node.inputs[0]!, constant(int64(sizes))];
  else if (!node.inputs[1]) node.attributes.num_outputs = { type: "int", value: node.outputs.length };
}

/** Before operator set 13, Softmax ran over all axes from `axis` on: flattened, over the last, and back. */
function flatSoftmax(node: Node): Node[] {
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const make = (opType: string, inputs: string[], result: string, attributes: Node["attributes"] = {}): Node => ({
    name: `${node.name}/${opType}`,
    opType,
    domain: "",
    inputs,
    outputs: [result],
    attributes,
  });
  const int = (value: number) => ({ type: "int", value }) as const;
  return [
    make("Flatten", [input], `${output}/flat`, { axis: int(intAttribute(node, "axis", 1)) }),
    { ...node, inputs: [`${output}/flat`], outputs: [`${output}/normal`], attributes: { axis: int(-1) } },
    make("Shape", [input], `${output}/shape`),
    make("Reshape", [`${output}/normal`, `${output}/shape`], output),
  ];
}
