import { problem } from "../errors.ts";
import { cloneModel, type Model, subgraphs } from "../onnx/index.ts";

/**
 * Puts one model behind another, as one graph: an output of `first` becomes an input of `second`. The values of `first` get a prefix,
 * so that names cannot clash; its inputs keep their names. Outputs are those of `second`.
 *
 * @param wire output of `first`, and the input of `second` that it feeds
 * @throws AssayError `training.join` where the two use different operator sets or `first` has nested graphs
 */
export function joinModels(first: Model, second: Model, wire: readonly [string, string], prefix: string): Model {
  const [front, joined] = [cloneModel(first), cloneModel(second)];
  const [from, to] = wire;
  for (const [domain, version] of front.opsets) {
    const other = joined.opsets.get(domain);
    if (other !== undefined && other !== version) {
      throw problem.networksNotJoined(prefix, `they use the operator sets ${version} and ${other}`);
    }
    joined.opsets.set(domain, version);
  }
  if (front.graph.nodes.some((node) => subgraphs(node).length > 0)) {
    throw problem.networksNotJoined(prefix, "it has branches or loops");
  }
  const inputs = new Set(front.graph.inputs.map(({ name }) => name));
  const renamed = (name: string) => (name === "" || inputs.has(name) ? name : name === from ? to : `${prefix}${name}`);
  for (const [name, tensor] of front.graph.initializers) joined.graph.initializers.set(renamed(name), tensor);
  const nodes = front.graph.nodes.map((node) => ({
    ...node,
    name: `${prefix}${node.name}`,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
  }));
  joined.graph.nodes.unshift(...nodes);
  joined.graph.inputs = [...joined.graph.inputs.filter(({ name }) => name !== to), ...front.graph.inputs];
  joined.irVersion = Math.max(front.irVersion, joined.irVersion);
  return joined;
}
