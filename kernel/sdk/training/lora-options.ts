import { z } from "zod";
import type { ComplianceMode } from "../../protocol/compliance.ts";
import type { DatasetStanding, Policy } from "../compliance/index.ts";
import type { LoraKeys } from "../lora/index.ts";
import { attentionTargets } from "../lora/index.ts";
import type { Image } from "../media/index.ts";
import type { LoadedModel } from "../models/index.ts";
import { checkOptions } from "../options.ts";

/** What training needs of a data set; `data.dataset` gives one. */
export interface TrainingData extends DatasetStanding {
  /** SHA-256 of its manifest. */
  readonly sha256: string;
  /** What each picture shows. */
  readonly captions: readonly string[];
  /** The pictures in the order of the captions, `size` × `size` pixels. */
  images(options: { readonly size: number }): Promise<readonly Image[]>;
}

/** What `onStep` is told after each update. */
export interface TrainStep {
  /** Updates done, from 1. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly learningRate: number;
}

export interface TrainLoraOptions {
  /** Id or folder of the diffusers ONNX model to adapt. Default `tiny-scenes`. */
  model?: string | LoadedModel;
  dataset: TrainingData;
  /** Names the LoRA in messages, facts and records. Default: the data set's name. */
  name?: string;
  /** Width of the adapter. Default 8. */
  rank?: number;
  /** Numerator of the scale alpha / rank. Default: the rank. */
  alpha?: number;
  /**
   * Which layers to adapt: `attention` (default; `to_q`, `to_k`, `to_v`, `to_out.0`), `all` for every linear layer and convolution,
   * or a list of ends of layer paths and patterns.
   */
  targets?: "attention" | "all" | readonly (string | RegExp)[];
  /** Adapt the text encoder too, so that it learns words which the base model does not know. Default false. */
  textEncoder?: boolean;
  /** Which of its layers, as `targets`. Default: its attention and its feed-forward layers. */
  textTargets?: readonly (string | RegExp)[];
  /** Updates, 0 to 100,000; with 0 the LoRA changes nothing. Default 200. */
  steps?: number;
  /** Of AdamW. Default 1e-3. */
  learningRate?: number;
  /** How the rate falls to 0 over the steps. Default `cosine`; `constant` keeps it. */
  schedule?: "constant" | "linear" | "cosine";
  /** Steps over which the rate rises from 0. Default: a twentieth of the steps. */
  warmUp?: number;
  /** Of AdamW. Default 0.01. */
  weightDecay?: number;
  /** How much faster the up factors learn than the down factors (LoRA+, Hayou et al. 2024). Default 1. */
  upRateRatio?: number;
  /** Largest norm of the gradients. Default 1; 0 turns clipping off. */
  clipNorm?: number;
  /** Pictures per step. Default 8. */
  batch?: number;
  /** Seed of everything random in the run. Default: the notebook's seed. */
  seed?: number;
  /** Probability of leaving a caption out, so that guidance keeps working. Default 0.1. */
  captionDropout?: number;
  /** γ of min-SNR weighting (Hang et al. 2023), 5 as published; 0 weighs all timesteps alike. Default 0. */
  minSnrGamma?: number;
  /** Edge in pixels. Default: the size that the model was trained for. */
  resolution?: number;
  /** Word that calls the style up, noted in the file. */
  trigger?: string;
  /** A file to write as well, `styles/neon.safetensors`; relative to the notebook's folder. */
  output?: string;
  /** Names of the weights in the file. Default `diffusers`. */
  keys?: LoraKeys;
  /** A narrower mode than the notebook's. Default: the notebook's. */
  mode?: ComplianceMode;
  /** Default: the policy that comes with Assay. */
  policy?: Policy;
  /** Called after each update; a promise is waited for. */
  onStep?: (step: TrainStep) => void | Promise<void>;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;
const isDataset = (value: unknown) =>
  isObject(value) &&
  typeof (value as Partial<TrainingData>).images === "function" &&
  Array.isArray((value as Partial<TrainingData>).captions);

/** The named groups of layers. */
const targetGroups: Readonly<Record<"attention" | "all", readonly (string | RegExp)[]>> = {
  attention: attentionTargets,
  all: [/^/],
};

const schema = z.strictObject({
  model: z.union([z.string(), z.custom<LoadedModel>(isObject)]).optional(),
  dataset: z.custom<TrainingData>(isDataset, "a data set is what data.dataset gives"),
  name: z.string().min(1).max(200).optional(),
  rank: z.number().int().min(1).max(1024).default(8),
  alpha: z.number().positive().optional(),
  targets: z
    .union([z.enum(["attention", "all"]), z.array(z.union([z.string().min(1), z.instanceof(RegExp)])).min(1)])
    .default("attention")
    .transform((targets) => (typeof targets === "string" ? targetGroups[targets] : targets)),
  textEncoder: z.boolean().default(false),
  textTargets: z
    .array(z.union([z.string().min(1), z.instanceof(RegExp)]))
    .min(1)
    .default(["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]),
  steps: z.number().int().min(0).max(100_000).default(200),
  learningRate: z.number().positive().max(1).default(1e-3),
  schedule: z.enum(["constant", "linear", "cosine"]).default("cosine"),
  warmUp: z.number().int().min(0).optional(),
  weightDecay: z.number().min(0).default(0.01),
  upRateRatio: z.number().positive().default(1),
  clipNorm: z.number().min(0).default(1),
  batch: z.number().int().min(1).max(512).default(8),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  captionDropout: z.number().min(0).max(1).default(0.1),
  minSnrGamma: z.number().min(0).default(0),
  resolution: z.number().int().min(8).max(4096).optional(),
  trigger: z.string().optional(),
  output: z.string().min(1).optional(),
  keys: z.enum(["diffusers", "peft", "kohya"]).default("diffusers"),
  mode: z.enum(["open_source_only", "research_safe", "full_dataset"]).optional(),
  policy: z.custom<Policy>(isObject).optional(),
  onStep: z.custom<TrainLoraOptions["onStep"]>((value) => typeof value === "function").optional(),
});

/** The options of a run with every default in place. */
export type LoraRequest = z.output<typeof schema>;

const remedies = {
  dataset: "Build one with data.dataset(collection)",
  rank: "Use a whole number from 1; 4 to 32 are usual",
  alpha: "Use a positive number, or leave it out for the rank",
  steps: "Use a whole number from 0 to 100000; 200 to 2000 are usual",
  learningRate: "Use a number above 0; 1e-4 to 2e-3 are usual",
  batch: "Use a whole number from 1 to 512",
  seed: "Use a whole number from 0",
  captionDropout: "Use a probability from 0 to 1",
  targets: `Use attention, all, or a list of ends of layer paths, such as ${attentionTargets.join(", ")}`,
  keys: "Use diffusers, peft or kohya",
};

/** Checks the options of `train.lora`. @throws AssayError `option.invalid` */
export function loraRequest(options: TrainLoraOptions): LoraRequest {
  return checkOptions("train.lora", schema, options, remedies);
}
