import { dataTypeOf, type Graph, intAttribute, type Node, subgraphs } from "../onnx/index.ts";
import { type DataType, isFloat } from "../tensor/index.ts";
import type { Ref } from "./emitter.ts";

const fixed: Record<string, DataType> = {
  Shape: "int64",
  Size: "int64",
  NonZero: "int64",
  ArgMax: "int64",
  ArgMin: "int64",
  Equal: "bool",
  Greater: "bool",
  GreaterOrEqual: "bool",
  Less: "bool",
  LessOrEqual: "bool",
  Not: "bool",
  And: "bool",
  Or: "bool",
  Xor: "bool",
  IsNaN: "bool",
  IsInf: "bool",
};

/** Second and later outputs that are not of the first one's type. */
const second: Record<string, DataType> = { TopK: "int64", MaxPool: "int64", Dropout: "bool", Unique: "int64" };

/** The element type of every value of a graph, from the types of inputs, constants and operators. */
export function inferDataTypes(graph: Graph): Map<Ref, DataType> {
  const types = new Map<Ref, DataType>();
  for (const [name, tensor] of graph.initializers) types.set(name, tensor.dtype);
  for (const { name, dtype } of graph.inputs) if (dtype) types.set(name, dtype);
  for (const node of graph.nodes) {
    if (subgraphs(node).length > 0) {
      for (const [i, output] of node.outputs.entries()) types.set(output, nestedType(node, i) ?? "float32");
      continue;
    }
    const first = outputType(node, types);
    node.outputs.forEach((output, i) => {
      const type = i === 0 ? first : (second[node.opType] ?? first);
      if (output !== "" && type) types.set(output, type);
    });
  }
  return types;
}

/** The type of output `i` of a node with nested graphs: they say it themselves. */
function nestedType(node: Node, i: number): DataType | undefined {
  const skipped = node.opType === "Loop" ? 1 : 0;
  return subgraphs(node)[0]!.outputs[i + skipped]?.dtype;
}

function outputType(node: Node, types: ReadonlyMap<Ref, DataType>): DataType | undefined {
  const input = (i: number) => types.get(node.inputs[i] ?? "");
  if (node.domain !== "") return node.inputs.map((_, i) => input(i)).find((type) => type && isFloat(type)) ?? input(0);
  switch (node.opType) {
    case "Cast":
      return dataTypeOf(intAttribute(node, "to", 1));
    case "Where":
    case "DequantizeLinear":
      return input(1);
    case "OneHot":
      return input(2);
    case "CastLike":
      return input(1);
    case "ConstantOfShape": {
      const value = node.attributes.value;
      return value?.type === "tensor" ? value.value.dtype : "float32";
    }
    case "EyeLike":
    case "RandomNormal":
    case "RandomUniform":
    case "RandomNormalLike":
    case "RandomUniformLike":
      return dataTypeOf(intAttribute(node, "dtype", 1));
    default:
      return fixed[node.opType] ?? input(0);
  }
}
