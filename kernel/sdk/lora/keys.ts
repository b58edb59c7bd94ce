import { problem } from "../errors.ts";
import { float32, type Tensor } from "../tensor/index.ts";
import { diffusersPath, kohyaPrefixes } from "./kohya-paths.ts";
import { flattenPath, type LoraComponent, type LoraLayer, layerRank, loraComponents } from "./lora.ts";
import type { Safetensors } from "./safetensors.ts";

/** What is found in a file of a LoRA. */
export interface LoraContent {
  readonly layers: readonly LoraLayer[];
  /** Keys that are no part of a LoRA. */
  readonly unknownKeys: readonly string[];
}

/** Names under which a LoRA's weights are stored: those of diffusers, of PEFT, or of kohya's scripts. */
export type LoraKeys = "diffusers" | "peft" | "kohya";

type Part = "down" | "up" | "alpha";

/** How each convention ends the key of a part. The longest match wins. */
const endings: readonly (readonly [string, Part])[] = [
  [".lora_linear_layer.down.weight", "down"],
  [".lora_linear_layer.up.weight", "up"],
  [".lora.down.weight", "down"],
  [".lora.up.weight", "up"],
  [".lora_A.default.weight", "down"],
  [".lora_B.default.weight", "up"],
  [".lora_A.weight", "down"],
  [".lora_B.weight", "up"],
  [".lora_down.weight", "down"],
  [".lora_up.weight", "up"],
  [".alpha", "alpha"],
];

/** Adapters that are more than two factors; loading one as a plain LoRA would change its meaning. */
const otherKinds: readonly (readonly [RegExp, string])[] = [
  [/\.hada_[wt]\d/, "LoHa"],
  [/\.lokr_w\d/, "LoKr"],
  [/\.(dora_scale|lora_magnitude_vector)/, "DoRA"],
];

/**
 * Finds the layers of a LoRA in a file, whichever of the three conventions its keys follow. Keys that are no part of a LoRA are
 * listed in `unknownKeys`.
 *
 * @param name the file, for messages
 * @throws AssayError `lora.kind` for LoHa, LoKr and DoRA, `lora.incomplete` where one factor is missing, `lora.shape` for factors
 *   that do not fit each other, `lora.empty` where nothing is found
 */
export function loraFromTensors({ tensors, metadata }: Safetensors, name: string): LoraContent {
  const parts = new Map<
    string,
    Partial<Record<Part, Tensor>> & { component: LoraComponent; path: string; key: string }
  >();
  const unknownKeys: string[] = [];
  for (const [key, tensor] of tensors) {
    const other = otherKinds.find(([pattern]) => pattern.test(key));
    if (other) throw problem.loraKind(name, other[1], key);
    const modern = withoutProcessor(key);
    const ending = endings.find(([end]) => modern.endsWith(end));
    const place = ending && locate(modern.slice(0, -ending[0].length));
    if (!ending || !place) {
      unknownKeys.push(key);
      continue;
    }
    const id = `${place.component}/${flattenPath(place.path)}`;
    const entry = parts.get(id) ?? { ...place, key };
    entry[ending[1]] = tensor;
    if (ending[1] === "down") entry.key = key;
    parts.set(id, entry);
  }
  const alphas = adapterAlphas(metadata);
  const layers = [...parts.values()].map(({ component, path, key, down, up, alpha }): LoraLayer => {
    if (!down || !up) throw problem.loraIncomplete(name, key, down ? "up (B)" : "down (A)");
    const [rank, columns] = [down.dims[0], up.dims[1]];
    if (down.dims.length < 2 || up.dims.length !== down.dims.length || rank !== columns || rank === 0) {
      throw problem.loraShape(
        name,
        key,
        `[${down.dims}] and [${up.dims}]`,
        "two factors of one rank",
        "the file itself",
      );
    }
    return { component, path, key, down, up, alpha: alpha?.toNumbers()[0] ?? alphas(component, path) ?? rank! };
  });
  if (layers.length === 0) throw problem.loraEmpty(name);
  return { layers, unknownKeys };
}

/** Splits a key without its ending into network and path. */
function locate(stem: string): { component: LoraComponent; path: string } | undefined {
  for (const [prefix, component] of kohyaPrefixes) {
    if (stem.startsWith(prefix)) {
      const flat = stem.slice(prefix.length);
      return { component, path: component === "unet" ? diffusersPath(flat) : flat };
    }
  }
  const bare = stem.replace(/^base_model\.model\./, "");
  const component = loraComponents.find((known) => bare.startsWith(`${known}.`));
  const path = component ? bare.slice(component.length + 1) : bare;
  if (!component && bare === stem && !/^(down_blocks|up_blocks|mid_block|conv_|time_embedding)/.test(bare))
    return undefined;
  return { component: component ?? "unet", path };
}

/** Early diffusers files name the attention processor: `attn1.processor.to_out_lora.up` is `attn1.to_out.0.lora.up`. */
function withoutProcessor(key: string): string {
  return key.replace(
    /\.processor\.(to_[qkv]|to_out)_lora\./,
    (_, layer: string) => `.${layer === "to_out" ? "to_out.0" : layer}.lora.`,
  );
}

/** The alphas that newer diffusers and PEFT files keep as JSON in `lora_adapter_metadata`. */
function adapterAlphas(
  metadata: Readonly<Record<string, string>>,
): (component: string, path: string) => number | undefined {
  let adapter: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(metadata.lora_adapter_metadata ?? "{}");
    if (typeof parsed === "object" && parsed !== null) adapter = parsed as Record<string, unknown>;
  } catch {
    return () => undefined;
  }
  return (component, path) => {
    const patterns = adapter[`${component}.alpha_pattern`];
    if (typeof patterns === "object" && patterns !== null) {
      const own = Object.entries(patterns).find(([pattern]) => path === pattern || path.endsWith(`.${pattern}`));
      if (typeof own?.[1] === "number") return own[1];
    }
    const alpha = adapter[`${component}.lora_alpha`];
    return typeof alpha === "number" ? alpha : undefined;
  };
}

/**
 * The tensors of a LoRA under the keys of a convention. Only kohya's convention has a place for alpha; for the others the scale
 * alpha / rank is multiplied into the up factor, so that every tool applies the same change.
 */
export function loraToTensors(layers: readonly LoraLayer[], keys: LoraKeys): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const layer of layers) {
    const { component, path, down, up, alpha } = layer;
    if (keys === "kohya") {
      const prefix = kohyaPrefixes.find(([, of]) => of === component)![0];
      const stem = `${component === "text_encoder" ? "lora_te_" : prefix}${flattenPath(path)}`;
      tensors.set(`${stem}.lora_down.weight`, down);
      tensors.set(`${stem}.lora_up.weight`, up);
      tensors.set(`${stem}.alpha`, float32([alpha], []));
      continue;
    }
    const [a, b] = keys === "peft" ? ["lora_A.weight", "lora_B.weight"] : ["lora.down.weight", "lora.up.weight"];
    const scale = alpha / layerRank(layer);
    tensors.set(`${component}.${path}.${a}`, down);
    tensors.set(
      `${component}.${path}.${b}`,
      scale === 1
        ? up
        : float32(
            up.toFloat32().data.map((x) => x * scale),
            up.dims,
          ),
    );
  }
  return tensors;
}
