import { type LoraLayer, licenceClassEntry } from "../lora/index.ts";
import type { LoadedModel } from "../models/index.ts";
import type { LoraRequest } from "./lora-options.ts";

/** What a LoRA file tells of itself. */
export interface LoraOrigin {
  readonly name: string;
  readonly model: LoadedModel;
  readonly request: LoraRequest;
  readonly alpha: number;
  readonly seed: number;
  readonly policyVersion: string;
}

/**
 * The metadata of a trained LoRA: the entries that other tools read (`ss_*` of kohya's scripts, `modelspec.*` of the Stability model
 * metadata standard, `lora_adapter_metadata` of diffusers), and `assay.*` for its origin. No dates: equal runs give equal bytes.
 */
export function loraMetadata(layers: readonly LoraLayer[], origin: LoraOrigin): Record<string, string> {
  const { name, model, request, alpha, seed, policyVersion } = origin;
  const { dataset, rank, keys } = request;
  // Only kohya's keys have a place for alpha; elsewhere the scale is in the weights, and alpha equals the rank.
  const written = keys === "kohya" ? alpha : rank;
  const adapter = Object.fromEntries(
    [...Map.groupBy(layers, ({ component }) => component)].flatMap(([component, own]) => [
      [`${component}.r`, rank],
      [`${component}.lora_alpha`, written],
      [`${component}.target_modules`, own.map(({ path }) => path).sort()],
    ]),
  );
  return {
    format: "pt",
    lora_adapter_metadata: JSON.stringify(adapter),
    ss_v2: "False",
    ss_base_model_version: "sd_v1",
    ss_sd_model_name: model.id,
    ss_network_module: "networks.lora",
    ss_network_dim: String(rank),
    ss_network_alpha: String(written),
    ss_network_args: "{}",
    ss_max_train_steps: String(request.steps),
    ss_learning_rate: String(request.learningRate),
    ss_batch_size_per_device: String(request.batch),
    ss_num_train_images: String(dataset.captions.length),
    ss_seed: String(seed),
    "modelspec.sai_model_spec": "1.0.0",
    "modelspec.architecture": "stable-diffusion-v1/lora",
    "modelspec.implementation": "diffusers",
    "modelspec.title": name,
    ...(request.trigger !== undefined && { "modelspec.trigger_phrase": request.trigger }),
    "assay.base_model": model.id,
    "assay.base_model_sha256": model.sha256,
    "assay.base_model_licence_class": model.licenceClass,
    "assay.dataset": dataset.name,
    "assay.dataset_sha256": dataset.sha256,
    "assay.mode": dataset.mode,
    "assay.policy": policyVersion,
    [licenceClassEntry]: dataset.licenceClass,
    "assay.rank": String(rank),
    "assay.alpha": String(alpha),
    "assay.steps": String(request.steps),
    "assay.seed": String(seed),
  };
}
