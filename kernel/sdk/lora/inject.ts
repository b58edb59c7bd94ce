import { problem } from "../errors.ts";
import { attribute, cloneModel, type Model, type Node } from "../onnx/index.ts";
import { float32, Random, scalar, type Tensor, zeros } from "../tensor/index.ts";
import type { LoraComponent, LoraLayer } from "./lora.ts";
import { type WeightSite, weightSites } from "./weight-sites.ts";

export interface InjectOptions {
  /** Width of the adapter. Default 8. */
  rank?: number;
  /** Numerator of the scale alpha / rank. Default: the rank, for a scale of 1. */
  alpha?: number;
  /** Which layers: the ends of their paths (`to_q`, `attn2.to_k`), or patterns. Default {@link attentionTargets}. */
  targets?: readonly (string | RegExp)[];
  /** Seed of the down factors. Default 0. */
  seed?: number | string;
  /** Which network of the diffusion model this is. Default `unet`. */
  component?: LoraComponent;
  /** How messages name the model. Default `the model`. */
  name?: string;
}

/** The projections of every attention, as diffusers' training scripts choose them. */
export const attentionTargets = ["to_q", "to_k", "to_v", "to_out.0"] as const;

interface InjectedLayer {
  readonly component: LoraComponent;
  readonly path: string;
  /** Names of the parameters, and the shapes of the factors in a file. */
  readonly down: { readonly parameter: string; readonly dims: readonly number[] };
  readonly up: { readonly parameter: string; readonly dims: readonly number[] };
  readonly linear: boolean;
}

/** A model with low-rank branches beside some of its weights. */
export interface Injection {
  readonly model: Model;
  /** Initializers of `model` that are to be trained: the factors of every branch. */
  readonly parameters: readonly string[];
  readonly layers: readonly InjectedLayer[];
  readonly rank: number;
  readonly alpha: number;
}

/**
 * Puts a low-rank branch beside the chosen weights: y = W·x becomes y = W·x + (alpha / rank)·up·down·x (Hu et al. 2021). `down`
 * starts with normal numbers of deviation 1 / rank, `up` with zeros, so that nothing changes at first. `model` is left alone.
 *
 * Linear factors are parameters of shape [in, rank] and [rank, out], as a MatMul takes them; convolutions [rank, in, h, w] and
 * [out, rank, 1, 1].
 *
 * @throws AssayError `lora.rank`, `lora.alpha` for impossible values, `lora.targets` where no layer is chosen
 */
export function injectLora(model: Model, options: InjectOptions = {}): Injection {
  const { rank = 8, targets = attentionTargets, seed = 0, component = "unet", name = "the model" } = options;
  const alpha = options.alpha ?? rank;
  if (!Number.isInteger(rank) || rank < 1) throw problem.loraRank(rank);
  if (!Number.isFinite(alpha) || alpha <= 0) throw problem.loraAlpha(alpha);
  const edited = cloneModel(model);
  const all = weightSites(edited);
  const chosen = all.filter((site) => targets.some((target) => isTarget(site.path, target)));
  if (chosen.length === 0) throw problem.loraTargets(name, targets.map(String).join(", "), layerNames(all));

  const random = new Random(`lora/${seed}`);
  const layers = new Map<string, InjectedLayer>();
  const scaleName = "lora.scale";
  edited.graph.initializers.set(scaleName, scalar(alpha / rank));
  for (const site of chosen) {
    let layer = layers.get(site.path);
    if (!layer) {
      layer = describe(site, component, rank);
      const deviation = 1 / rank;
      const down = random.fork(site.path).normalTensor(parameterDims(layer, "down"), deviation);
      edited.graph.initializers.set(layer.down.parameter, down);
      edited.graph.initializers.set(layer.up.parameter, zeros(parameterDims(layer, "up")));
      layers.set(site.path, layer);
    }
    addBranch(edited, site, layer, scaleName);
  }
  const parameters = [...layers.values()].flatMap(({ down, up }) => [down.parameter, up.parameter]);
  return { model: edited, parameters, layers: [...layers.values()], rank, alpha };
}

/** The layers of a LoRA from the values of an injection's parameters. @param values by parameter name, in the parameter's shape */
export function injectedLayers(injection: Injection, values: Readonly<Record<string, Float32Array>>): LoraLayer[] {
  return injection.layers.map((layer) => {
    const factor = (part: "down" | "up"): Tensor => {
      const data = values[layer[part].parameter]!;
      const [rows, columns] = layer[part].dims as [number, number];
      return float32(layer.linear ? transpose(data, columns, rows) : data.slice(), layer[part].dims);
    };
    const { component, path } = layer;
    return {
      component,
      path,
      key: `${component}.${path}`,
      down: factor("down"),
      up: factor("up"),
      alpha: injection.alpha,
    };
  });
}

function describe(site: WeightSite, component: LoraComponent, rank: number): InjectedLayer {
  const spatial = site.kernel.map(() => 1);
  return {
    component,
    path: site.path,
    down: { parameter: `${site.path}.lora_A.weight`, dims: [rank, site.inputs, ...site.kernel] },
    up: { parameter: `${site.path}.lora_B.weight`, dims: [site.outputs, rank, ...spatial] },
    linear: site.layout !== "conv",
  };
}

function parameterDims(layer: InjectedLayer, part: "down" | "up"): readonly number[] {
  return layer.linear ? [...layer[part].dims].reverse() : layer[part].dims;
}

function addBranch(model: Model, site: WeightSite, layer: InjectedLayer, scale: string): void {
  const { nodes } = model.graph;
  const { node } = site;
  const prefix = `${node.name || node.outputs[0]!}/lora`;
  const result = node.outputs[0]!;
  const plain = `${prefix}_base_output_0`;
  node.outputs[0] = plain;
  const make = (part: string, opType: string, inputs: string[], attributes: Node["attributes"] = {}): Node => {
    return {
      name: `${prefix}_${part}`,
      opType,
      domain: "",
      inputs,
      outputs: [`${prefix}_${part}_output_0`],
      attributes,
    };
  };
  const opType = layer.linear ? "MatMul" : "Conv";
  const down = make(
    `down/${opType}`,
    opType,
    [node.inputs[0]!, layer.down.parameter],
    layer.linear ? {} : { ...node.attributes },
  );
  const scaled = make("Mul", "Mul", [down.outputs[0]!, scale]);
  const upAttributes: Node["attributes"] = layer.linear ? {} : { kernel_shape: attribute("kernel_shape", [1, 1]) };
  const up = make(`up/${opType}`, opType, [scaled.outputs[0]!, layer.up.parameter], upAttributes);
  const sum = make("Add", "Add", [plain, up.outputs[0]!]);
  sum.outputs = [result];
  nodes.splice(nodes.indexOf(node) + 1, 0, down, scaled, up, sum);
}

function isTarget(path: string, target: string | RegExp): boolean {
  return typeof target === "string" ? path === target || path.endsWith(`.${target}`) : target.test(path);
}

/** The last parts of the paths that could be chosen, for messages. */
function layerNames(sites: readonly WeightSite[]): string {
  const names = new Set(sites.map(({ path }) => /[^.]+(\.\d+)?$/.exec(path)?.[0] ?? path));
  return names.size === 0 ? "none" : [...names].slice(0, 20).join(", ");
}

function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c]!;
  return result;
}
