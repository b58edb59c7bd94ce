import { float32, int64, scalar, Tensor } from "../tensor/index.ts";
import { intAttribute } from "./attribute.ts";
import { type Graph, type Node, outerReads, subgraphs } from "./graph.ts";

/**
 * Rewrites, in place, what stands between a weight and the node that uses it, so that an editor sees plain initializers:
 * Constant nodes become initializers, half-precision initializers behind a Cast to float32 become float32, and Identity nodes go
 * (an initializer behind one becomes two, so that each use can be edited alone).
 */
export function foldConstants(graph: Graph): void {
  const replaced = new Map<string, string>();
  const sources = new Set<string>();
  const kept = keptNames(graph);
  graph.nodes = graph.nodes.filter((node) => {
    node.inputs = node.inputs.map((name) => replaced.get(name) ?? name);
    const output = node.outputs[0] ?? "";
    const folded = foldedTensor(graph, node, sources);
    if (folded && !graph.outputs.some(({ name }) => name === output)) {
      graph.initializers.set(output, folded);
      return false;
    }
    if (isIdentity(node) && !kept.has(output)) {
      replaced.set(output, node.inputs[0]!);
      return false;
    }
    return true;
  });
  dropUnused(graph, sources);
}

function isIdentity(node: Node): boolean {
  return node.domain === "" && node.opType === "Identity";
}

/** Names that must stay: outputs of the graph, and what subgraphs read. */
function keptNames(graph: Graph): Set<string> {
  const inner = graph.nodes.flatMap((node) => subgraphs(node).flatMap((sub) => [...outerReads(sub)]));
  return new Set([...graph.outputs.map(({ name }) => name), ...inner]);
}

/** What a node computes, where that is known without running it. */
function foldedTensor(graph: Graph, node: Node, sources: Set<string>): Tensor | undefined {
  if (node.domain !== "") return undefined;
  if (node.opType === "Constant") return constantTensor(node);
  const source = node.inputs[0] ?? "";
  const tensor = graph.initializers.get(source);
  if (!tensor || graph.inputs.some(({ name }) => name === source)) return undefined;
  if (isIdentity(node)) {
    sources.add(source);
    return tensor;
  }
  const widens = tensor.dtype === "float16" || tensor.dtype === "bfloat16";
  if (node.opType === "Cast" && intAttribute(node, "to", 0) === 1 && widens) {
    sources.add(source);
    return new Tensor("float32", tensor.dims, () => tensor.toFloat32().data);
  }
  return undefined;
}

function constantTensor(node: Node): Tensor | undefined {
  const [name, attribute] = Object.entries(node.attributes)[0] ?? [];
  if (attribute?.type === "tensor") return attribute.value;
  if (name === "value_float" && attribute?.type === "float") return scalar(attribute.value);
  if (name === "value_int" && attribute?.type === "int") return scalar(attribute.value, "int64");
  if (name === "value_floats" && attribute?.type === "floats") return float32(attribute.value);
  if (name === "value_ints" && attribute?.type === "ints") return int64(attribute.value);
  return undefined;
}

/** Removes those initializers that only folded nodes read. */
function dropUnused(graph: Graph, candidates: Set<string>): void {
  const used = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    for (const name of node.inputs) used.add(name);
    for (const sub of subgraphs(node)) for (const name of outerReads(sub)) used.add(name);
  }
  for (const name of candidates) if (!used.has(name)) graph.initializers.delete(name);
}
