import { contentHash } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { type LoraComponent, mergeLoras, type WeightedLora } from "../lora/index.ts";
import { readModel } from "../onnx/index.ts";
import type { DiffusionModel, NetworkVariant } from "./diffusion-model.ts";

/** The networks that LoRAs change; undefined where the model's own file is used. */
export interface MergedNetworks {
  readonly unet: NetworkVariant | undefined;
  readonly textEncoder: NetworkVariant | undefined;
  /** Tells, on the cell's stderr, which keys of the LoRAs had no effect. Call it when the networks have been opened. */
  tellLeftOut(): void;
}

/** Keys without effect, by model, network and LoRAs: networks stay open between calls, and every call tells it again. */
const leftOut = new Map<string, ReadonlyMap<string, readonly string[]>>();

const supported = ["unet", "text_encoder"] as const satisfies readonly LoraComponent[];

/** Plans the merging of LoRAs into a model. @throws AssayError `lora.no-match` for a LoRA of other networks only */
export function mergedNetworks({ model }: DiffusionModel, loras: readonly WeightedLora[]): MergedNetworks {
  const belongs = (component: LoraComponent) => (supported as readonly LoraComponent[]).includes(component);
  for (const { lora } of loras) {
    if (!lora.layers.some(({ component }) => belongs(component))) {
      throw problem.loraMatchesNothing(lora.name, model.id, lora.layers[0]?.key ?? "none");
    }
  }
  const variant = (network: (typeof supported)[number]): NetworkVariant | undefined => {
    const parts = loras.filter(({ lora }) => lora.layers.some(({ component }) => component === network));
    if (parts.length === 0) return undefined;
    const key = contentHash(parts.map(({ lora, weight }) => [lora.sha256, weight]));
    const make = () => {
      const base = readModel(model.file(`${network}/model.onnx`));
      const merged = mergeLoras(base, parts, { component: network, name: `${network} of ${model.id}` });
      leftOut.set(`${model.sha256}/${network}/${key}`, merged.unmatched);
      return merged.model;
    };
    return { key, make };
  };
  const [unet, textEncoder] = [variant("unet"), variant("text_encoder")];
  return {
    unet,
    textEncoder,
    tellLeftOut() {
      const told = new Map<string, string[]>();
      const add = (name: string, keys: readonly string[]) => told.set(name, [...(told.get(name) ?? []), ...keys]);
      for (const [network, change] of [
        ["unet", unet],
        ["text_encoder", textEncoder],
      ] as const) {
        for (const [name, keys] of leftOut.get(`${model.sha256}/${network}/${change?.key}`) ?? []) add(name, keys);
      }
      for (const { lora } of loras) {
        const elsewhere = lora.layers.filter(({ component }) => !belongs(component)).map(({ key }) => key);
        if (elsewhere.length + lora.unknownKeys.length > 0) add(lora.name, [...elsewhere, ...lora.unknownKeys]);
      }
      for (const [name, keys] of told) {
        const text = `${name}: ${keys.length} keys belong to no weight of ${model.id} and are left out, for example ${keys[0]}\n`;
        cellContext().emit({ type: "stream", name: "stderr", text });
      }
    },
  };
}
