export { attentionTargets, type Injection, type InjectOptions, injectedLayers, injectLora } from "./inject.ts";
export { type LoraContent, type LoraKeys, loraFromTensors, loraToTensors } from "./keys.ts";
export { type LoadLoraOptions, licenceClassEntry, loadLora, loadLora as load, loraFromBytes } from "./load-lora.ts";
export { flattenPath, type Lora, type LoraComponent, type LoraLayer, layerRank } from "./lora.ts";
export { type Merged, type MergeOptions, mergeLoras, type WeightedLora } from "./merge.ts";
export { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.ts";
export { type WeightSite, weightSites } from "./weight-sites.ts";
