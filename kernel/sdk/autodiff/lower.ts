import type { Graph, Node } from "../onnx/index.ts";
import { Emitter, type Facts, type Ref } from "./emitter.ts";
import { lowerings } from "./lowerings/index.ts";
import { ruleKey } from "./rule.ts";

/**
 * Replaces composite operators, in place, by the simpler ones that have gradient rules, where a parameter influences them.
 * @param tracked values that depend on a parameter.
 */
export function lower(graph: Graph, facts: Facts, tracked: ReadonlySet<Ref>): void {
  const emit = new Emitter(graph, facts, "lowered");
  const dims = (ref: Ref) => facts.dims.get(ref)!;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const lowering = node.inputs.some((input) => tracked.has(input)) ? lowerings[ruleKey(node)] : undefined;
    const result = lowering?.({ node, emit, x: node.inputs, dims });
    nodes.push(...emit.nodes.splice(0));
    if (result === undefined) nodes.push(node);
    else rename(nodes, result, node.outputs[0]!);
  }
  graph.nodes = nodes;
}

/** The last emitted node takes over the name of the output that it replaces. */
function rename(nodes: readonly Node[], from: Ref, to: Ref): void {
  const last = nodes.at(-1)!;
  last.outputs = last.outputs.map((output) => (output === from ? to : output));
}
