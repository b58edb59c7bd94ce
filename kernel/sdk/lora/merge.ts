import { problem } from "../errors.ts";
import { cloneModel, type Model } from "../onnx/index.ts";
import { float32, type Tensor } from "../tensor/index.ts";
import { flattenPath, type Lora, type LoraComponent, type LoraLayer, layerRank } from "./lora.ts";
import { type WeightSite, weightSites } from "./weight-sites.ts";

/** A LoRA and how strongly it acts: 1 as trained, 0 not at all; negative weights turn it around. */
export interface WeightedLora {
  readonly lora: Lora;
  readonly weight: number;
}

export interface MergeOptions {
  /** Which network of the diffusion model this is; layers of other networks are left out. Default `unet`. */
  component?: LoraComponent;
  /** How messages name the model. Default `the model`. */
  name?: string;
}

/** A model with LoRAs merged in. */
export interface Merged {
  readonly model: Model;
  /** How many weights changed. */
  readonly changed: number;
  /** Keys that belong to no weight of this network, by the LoRA's name. */
  readonly unmatched: ReadonlyMap<string, readonly string[]>;
}

/**
 * Adds LoRAs to the weights of a network: W + Σ weight·(alpha / rank)·up·down. `model` is left alone; weights that no LoRA changes
 * are shared with it. A weight that other layers share is copied for the layer that changes.
 *
 * @throws AssayError `lora.shape` for a layer that does not fit its weight, `lora.no-match` for a LoRA of which nothing fits
 */
export function mergeLoras(model: Model, loras: readonly WeightedLora[], options: MergeOptions = {}): Merged {
  const { component = "unet", name = "the model" } = options;
  const edited = cloneModel(model);
  const sites = Map.groupBy(weightSites(edited), (site) => flattenPath(site.path));
  const deltas = new Map<string, { sites: readonly WeightSite[]; sum: Float32Array }>();
  const unmatched = new Map<string, string[]>();
  for (const { lora, weight } of loras) {
    const layers = lora.layers.filter((layer) => layer.component === component);
    const strangers = new Set<string>();
    for (const layer of layers) {
      const path = flattenPath(layer.path);
      const found = sites.get(path);
      if (!found) {
        strangers.add(layer.key);
        continue;
      }
      const change = deltas.get(path) ?? { sites: found, sum: new Float32Array(found[0]!.tensor.size) };
      addProduct(change.sum, found[0]!, layer, weight, lora.name, name);
      deltas.set(path, change);
    }
    if (layers.length > 0 && strangers.size === layers.length) {
      throw problem.loraMatchesNothing(lora.name, name, layers[0]!.key);
    }
    if (strangers.size > 0) unmatched.set(lora.name, [...strangers]);
  }
  for (const { sites, sum } of deltas.values()) replaceWeight(edited, sites, sum);
  return { model: edited, changed: deltas.size, unmatched };
}

/** Adds weight·(alpha / rank)·up·down to `sum`, which lies as the weight of `site` does. */
function addProduct(
  sum: Float32Array,
  site: WeightSite,
  layer: LoraLayer,
  weight: number,
  file: string,
  model: string,
): void {
  const rank = layerRank(layer);
  const area = site.kernel.reduce((product, length) => product * length, 1);
  const inner = layer.down.dims.slice(2);
  const fits =
    layer.down.dims[1] === site.inputs &&
    layer.up.dims[0] === site.outputs &&
    layer.up.dims.slice(2).every((length) => length === 1) &&
    (inner.length === 0 ? area === 1 : inner.reduce((product, length) => product * length, 1) === area) &&
    (site.kernel.length === 0 || inner.length === 0 || inner.every((length, i) => length === site.kernel[i]));
  if (!fits) {
    const spatial = site.kernel.length > 0 ? `,${site.kernel}` : "";
    const expected = `[rank,${site.inputs}${spatial}] and [${site.outputs},rank${site.kernel.map(() => ",1").join("")}]`;
    throw problem.loraShape(file, layer.key, `[${layer.down.dims}] and [${layer.up.dims}]`, expected, model);
  }
  const down = layer.down.toFloat32().data;
  const up = layer.up.toFloat32().data;
  const scale = weight * (layer.alpha / rank);
  const width = site.inputs * area;
  const row = new Float64Array(width);
  for (let o = 0; o < site.outputs; o++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * up[o * rank + r]!;
      for (let i = 0; i < width; i++) row[i]! += factor * down[r * width + i]!;
    }
    const [offset, stride] = site.layout === "in-out" ? [o, site.outputs] : [o * width, 1];
    for (let i = 0; i < width; i++) sum[offset + i * stride]! += row[i]!;
  }
}

/** Gives the sites of one layer a weight of their own, changed by `delta`. */
function replaceWeight(model: Model, sites: readonly WeightSite[], delta: Float32Array): void {
  const { initializers } = model.graph;
  const { weight, tensor, transposed } = sites[0]!;
  const base = tensor.toFloat32().data;
  const sum = float32(
    base.map((value, i) => value + delta[i]!),
    tensor.dims,
  );
  const changed: Tensor = tensor.dtype === "float16" ? sum.toFloat16() : sum;
  const name = `${weight}::lora::${sites[0]!.path}`;
  initializers.set(name, transposed ? flip(changed) : changed);
  for (const { node } of sites) node.inputs[1] = name;
  dropUnused(model, weight);
}

function flip(tensor: Tensor): Tensor {
  const [rows, columns] = tensor.dims as [number, number];
  const from = tensor.toFloat32().data;
  const to = new Float32Array(from.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c]!;
  const flipped = float32(to, [columns, rows]);
  return tensor.dtype === "float16" ? flipped.toFloat16() : flipped;
}

function dropUnused(model: Model, weight: string): void {
  const { graph } = model;
  const used = graph.nodes.some((node) => node.inputs.includes(weight));
  const visible = [...graph.inputs, ...graph.outputs].some((value) => value.name === weight);
  if (!used && !visible) graph.initializers.delete(weight);
}
