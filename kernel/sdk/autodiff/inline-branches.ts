import { foldConstants, type Graph, type Node } from "../onnx/index.ts";
import type { Facts } from "./emitter.ts";

/**
 * Replaces, in place, every If whose condition depends on shapes and constants only by the branch that is taken. Exporters write such
 * nodes where they did not know a length. Returns whether there was one: shapes inside the branch must be learnt then.
 */
export function inlineBranches(graph: Graph, facts: Facts): boolean {
  let found = false;
  graph.nodes = graph.nodes.flatMap((node) => {
    const condition = node.opType === "If" && node.domain === "" ? facts.known.get(node.inputs[0]!) : undefined;
    if (!condition) return [node];
    found = true;
    return branchNodes(graph, node, condition.toNumbers()[0] !== 0);
  });
  if (found) foldConstants(graph);
  return found;
}

function branchNodes(graph: Graph, node: Node, taken: boolean): Node[] {
  const branch = node.attributes[taken ? "then_branch" : "else_branch"];
  if (branch?.type !== "graph") return [node];
  for (const [name, tensor] of branch.value.initializers) graph.initializers.set(name, tensor);
  const results = branch.value.outputs.map((output, i): Node => {
    const name = `${node.name || node.outputs[0]}/Identity_${i}`;
    return { name, opType: "Identity", domain: "", inputs: [output.name], outputs: [node.outputs[i]!], attributes: {} };
  });
  const copies = branch.value.nodes.map((inner) => ({
    ...inner,
    inputs: [...inner.inputs],
    outputs: [...inner.outputs],
  }));
  return [...copies, ...results.filter((result) => result.outputs[0] !== "")];
}
