import { intAttribute, intsAttribute, type Model, type Node } from "../onnx/index.ts";
import type { Tensor } from "../tensor/index.ts";

/**
 * A place in a graph where a weight is applied: a linear layer (`MatMul` with a constant second factor, or `Gemm`) or a
 * convolution.
 */
export interface WeightSite {
  readonly node: Node;
  /** Path of the layer in its network, `down_blocks.0.attentions.0.….to_q`. */
  readonly path: string;
  /** How the weight lies in its initializer: [in, out], [out, in], or [out, in, height, width]. */
  readonly layout: "in-out" | "out-in" | "conv";
  /** Name of the initializer that holds the weight, behind Identity and Transpose nodes. */
  readonly weight: string;
  readonly tensor: Tensor;
  /** Whether a Transpose lies between the initializer and the node. */
  readonly transposed: boolean;
  /** Width of what goes in and of what comes out. */
  readonly inputs: number;
  readonly outputs: number;
  /** [height, width] of a convolution's kernel; empty for linear layers. */
  readonly kernel: readonly number[];
}

/** Finds every place of a model where a LoRA could act. Grouped and quantised layers are left out. */
export function weightSites(model: Model): WeightSite[] {
  const { graph } = model;
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));

  /** The initializer behind a value, and whether an odd number of Transposes lies between. */
  function weightBehind(value: string): { name: string; tensor: Tensor; transposed: boolean } | undefined {
    let transposed = false;
    for (let name = value; ; ) {
      const tensor = graph.initializers.get(name);
      if (tensor) return { name, tensor, transposed };
      const node = producers.get(name);
      if (node?.opType === "Transpose" && String(intsAttribute(node, "perm") ?? [1, 0]) === "1,0")
        transposed = !transposed;
      else if (node?.opType !== "Identity") return undefined;
      name = node.inputs[0]!;
    }
  }

  const sites: WeightSite[] = [];
  for (const node of graph.nodes) {
    if (node.domain !== "" || !/^(MatMul|Gemm|Conv)$/.test(node.opType)) continue;
    const found = weightBehind(node.inputs[1] ?? "");
    if (!found || !/^b?float/.test(found.tensor.dtype)) continue;
    const { name: weight, tensor, transposed } = found;
    const { dims } = tensor;
    const site = { node, path: modulePath(node, weight), weight, tensor, transposed };
    if (node.opType === "Conv") {
      if (dims.length !== 4 || transposed || intAttribute(node, "group", 1) !== 1) continue;
      sites.push({ ...site, layout: "conv", inputs: dims[1]!, outputs: dims[0]!, kernel: dims.slice(2) });
      continue;
    }
    if (dims.length !== 2) continue;
    const flipped = transposed !== (node.opType === "Gemm" && intAttribute(node, "transB", 0) === 1);
    const layout = flipped ? "out-in" : "in-out";
    const [inputs, outputs] = flipped ? [dims[1]!, dims[0]!] : [dims[0]!, dims[1]!];
    sites.push({ ...site, layout, inputs, outputs, kernel: [] });
  }
  return sites;
}

/**
 * The module that a node belongs to: from its name (`/mid_block/attentions.0/proj_in/Conv`), else from the scopes that newer
 * exporters note, else from the weight's own name.
 */
function modulePath(node: Node, weight: string): string {
  if (node.name.startsWith("/")) return node.name.split("/").slice(1, -1).join(".");
  const scopes = node.metadata?.["pkg.torch.onnx.name_scopes"]
    ?.match(/'([^']*)'/g)
    ?.map((quoted) => quoted.slice(1, -1));
  const scope = scopes?.at(-2);
  if (scope) return scope;
  return weight.replace(/\.weight$/, "");
}
