import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { problem } from "../errors.ts";
import { type LoadedModel, loadModel, sharedSessions } from "../models/index.ts";
import { type EngineSession, type Model, sharedEngine } from "../onnx/index.ts";
import { type SchedulerConfig, schedulerConfig } from "./schedulers/index.ts";

const modelIndex = z.looseObject({ _class_name: z.string() });
const vaeConfig = z.looseObject({
  block_out_channels: z.array(z.number()).min(1).default([128, 256, 512, 512]),
  latent_channels: z.number().int().positive().default(4),
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.number().nullish(),
  sample_size: z.union([z.number(), z.array(z.number())]).optional(),
});
const unetConfig = z.looseObject({
  sample_size: z.union([z.number().int().positive(), z.array(z.number())]).default(64),
  in_channels: z.number().int().positive().default(4),
  block_out_channels: z.array(z.number()).min(1).default([320, 640, 1280, 1280]),
  prediction_type: z.never().optional(),
});

/** Networks of a latent diffusion model, by the names of their folders. */
export type NetworkName = "text_encoder" | "unet" | "vae_encoder" | "vae_decoder";

/** A text-to-image model in the diffusers ONNX layout: what its configuration files say. */
export interface DiffusionModel {
  readonly model: LoadedModel;
  readonly scheduler: SchedulerConfig;
  readonly latentChannels: number;
  /** Pixels per latent, along each edge. */
  readonly vaeScale: number;
  /** Latents are (means − shift) · scale. */
  readonly scalingFactor: number;
  readonly shiftFactor: number;
  /** Pixels along each edge that the model was trained for. */
  readonly size: number;
  /** Width and height in pixels must be multiples of this. */
  readonly granularity: number;
}

/**
 * Opens the configuration of a text-to-image model. Default: `tiny-scenes`.
 *
 * @throws AssayError `model.not-found`, `model.layout`, `model.config`, `model.file-missing`
 */
export function diffusionModel(model: string | LoadedModel = "tiny-scenes"): DiffusionModel {
  const loaded = typeof model === "string" ? loadModel(model) : model;
  if (loaded.layout !== "diffusers-onnx") throw problem.modelLayout(loaded.id, loaded.layout, "diffusers-onnx");
  const index = loaded.file("model_index.json");
  const { _class_name: pipeline } = readConfig(index, modelIndex);
  if (
    loaded.has("transformer/model.onnx") ||
    loaded.has("text_encoder_2/model.onnx") ||
    !loaded.has("unet/model.onnx")
  ) {
    throw problem.modelConfig(
      index,
      `pipelines of class ${pipeline} are not supported, only UNets with one text encoder`,
    );
  }
  const vae = readConfig(loaded.file(vaeConfigPath(loaded)), vaeConfig);
  const unet = readConfig(loaded.file("unet/config.json"), unetConfig);
  const vaeScale = 2 ** (vae.block_out_channels.length - 1);
  const sampleSize = typeof unet.sample_size === "number" ? unet.sample_size : Math.min(...unet.sample_size);
  return {
    model: loaded,
    scheduler: readConfig(loaded.file("scheduler/scheduler_config.json"), schedulerConfig),
    latentChannels: vae.latent_channels,
    vaeScale,
    scalingFactor: vae.scaling_factor,
    shiftFactor: vae.shift_factor ?? 0,
    size: sampleSize * vaeScale,
    granularity: vaeScale * 2 ** (unet.block_out_channels.length - 1),
  };
}

/** Optimum writes the configuration beside both halves of the VAE; older exports beside the decoder only. */
function vaeConfigPath(model: LoadedModel): string {
  return model.has("vae_decoder/config.json") ? "vae_decoder/config.json" : "vae/config.json";
}

function readConfig<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const detail =
      cause instanceof z.ZodError ? `${cause.issues[0]!.path.join(".")}: ${cause.issues[0]!.message}` : String(cause);
    throw problem.modelConfig(file, detail, cause);
  }
}

/** A changed network in memory, in place of the model's file. */
export interface NetworkVariant {
  /** Names the change: equal keys mean equal networks. */
  readonly key: string;
  readonly make: () => Model;
}

/**
 * Runs `body` with one network of the model open in the engine.
 *
 * @param variant a changed network; default: the file as it is
 */
export function withNetwork<T>(
  { model }: DiffusionModel,
  network: NetworkName,
  body: (session: EngineSession) => Promise<T>,
  variant?: NetworkVariant,
): Promise<T> {
  const file = model.file(`${network}/model.onnx`);
  const name = `${network} of ${model.id}`;
  const open = () => sharedEngine().load(variant ? variant.make() : file, { name: variant ? name : file });
  const key = [model.sha256, network, variant?.key ?? ""].join("/");
  const part = variant ? `${network} with LoRAs` : network;
  return sharedSessions().use(key, networkBytes(file), open, body, { model: model.id, part });
}

/** What a network takes in memory at least: the file and the data beside it. */
function networkBytes(file: string): number {
  const data = ["model.onnx_data", "weights.pb"]
    .map((name) => join(dirname(file), name))
    .filter((path) => existsSync(path));
  return [file, ...data].reduce((sum, path) => sum + statSync(path).size, 0);
}
