import { z } from "zod";
import { type ComplianceMode, complianceMode } from "../../protocol/compliance.ts";
import type { Policy } from "../compliance/index.ts";
import { problem } from "../errors.ts";
import type { Lora } from "../lora/index.ts";
import type { LoadedModel } from "../models/index.ts";
import { checkOptions } from "../options.ts";
import type { DiffusionModel } from "./diffusion-model.ts";
import { type SchedulerName, schedulers } from "./schedulers/index.ts";

/** What `onStep` is told after each step of each batch. */
export interface GenerateStep {
  /** Steps done in this batch, from 1. */
  readonly step: number;
  readonly steps: number;
  /** Which batch, from 0, and how many there are. */
  readonly batch: number;
  readonly batches: number;
}

export interface GenerateImageOptions {
  /** Id or folder of a diffusers ONNX model. Default `tiny-scenes`. */
  model?: string | LoadedModel;
  /** One prompt; or `prompts`, one for each picture. */
  prompt?: string;
  prompts?: readonly string[];
  /** What the pictures should move away from; one for all, or one for each. Needs a guidance other than 1. Default empty. */
  negativePrompt?: string | readonly string[];
  /** Pictures per prompt. Default 1. */
  count?: number;
  /** Steps of the scheduler, 1 to 1000. Default 20. */
  steps?: number;
  /** Classifier-free guidance, 0 to 50; 1 turns it off. Default 3. */
  guidance?: number;
  /** Seed of the first picture; the following ones count up from it. Default: the notebook's seed. */
  seed?: number;
  /** One seed for each picture, in place of `seed`. */
  seeds?: readonly number[];
  /** Default `ddim`. */
  scheduler?: SchedulerName;
  /** LoRAs to merge in, trained here or files, each with its weight (default 1). */
  loras?: readonly { readonly lora: Lora | string; readonly weight?: number }[];
  /** Pictures that go through the networks at once. Default: as many as fit well. Does not change the pictures' seeds. */
  batch?: number;
  /** Pixels, multiples of the model's granularity. Default: the size that the model was trained for. */
  width?: number;
  height?: number;
  /** A narrower mode than the notebook's. Default: the notebook's. */
  mode?: ComplianceMode;
  /** Default: the policy that comes with Assay. */
  policy?: Policy;
  /** What the progress bar says. Default `generate`. */
  label?: string;
  /** Called after each step; a promise is waited for. */
  onStep?: (step: GenerateStep) => void | Promise<void>;
}

const text = z.string();
const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const schema = z
  .strictObject({
    model: z.union([z.string(), z.custom<LoadedModel>(isObject)]).optional(),
    prompt: text.optional(),
    prompts: z.array(text).min(1).optional(),
    negativePrompt: z.union([text, z.array(text)]).default(""),
    count: z.number().int().min(1).max(10_000).default(1),
    steps: z.number().int().min(1).max(1000).default(20),
    guidance: z.number().min(0).max(50).default(3),
    seed: seed.optional(),
    seeds: z.array(seed).min(1).optional(),
    scheduler: z.enum(Object.keys(schedulers) as [SchedulerName, ...SchedulerName[]]).default("ddim"),
    loras: z
      .array(
        z.strictObject({
          lora: z.custom<Lora | string>(
            (value) => typeof value === "string" || isLora(value),
            "a LoRA is what train.lora gives, or the path of a safetensors file",
          ),
          weight: z.number().min(-10).max(10).default(1),
        }),
      )
      .default([]),
    batch: z.number().int().min(1).max(256).optional(),
    width: z.number().int().min(1).max(4096).optional(),
    height: z.number().int().min(1).max(4096).optional(),
    mode: complianceMode.optional(),
    policy: z.custom<Policy>(isObject).optional(),
    label: text.default("generate"),
    onStep: z.custom<GenerateImageOptions["onStep"]>((value) => typeof value === "function").optional(),
  })
  .readonly();

/** The options of a call with every default in place. */
export type GenerateRequest = z.output<typeof schema>;

const remedies = {
  steps: "Use a whole number from 1 to 1000; 20 is usual",
  guidance: "Use a number from 0 to 50; 1 turns guidance off, 2 to 8 are usual",
  scheduler: `Use one of ${Object.keys(schedulers).join(", ")}`,
  seed: "Use a whole number from 0",
  seeds: "Use a list of whole numbers from 0, one for each picture",
  loras: "Use a list of { lora, weight }, where lora is what train.lora gives or the path of a safetensors file",
  prompts: "Use a list of at least one text",
  batch: "Use a whole number from 1 to 256",
  mode: "Use open_source_only, research_safe or full_dataset",
};

/** One picture of a request: its texts and its seed. */
export interface PlannedImage {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
}

/** Checks the options of `generate.image`. @throws AssayError `option.invalid` */
export function generateRequest(options: GenerateImageOptions): GenerateRequest {
  return checkOptions("generate.image", schema, options, remedies);
}

/** The pictures of a request, in order: every prompt `count` times, with its own seed. @throws AssayError `option.invalid` */
export function planImages(request: GenerateRequest, notebookSeed: number): PlannedImage[] {
  const { prompt, prompts, count, seeds, negativePrompt } = request;
  const refuse = (option: string, value: unknown, reason: string, remedy: string) =>
    problem.invalidOption("generate.image", option, JSON.stringify(value), reason, remedy);
  if ((prompt === undefined) === (prompts === undefined)) {
    throw refuse(
      "prompt",
      prompt ?? null,
      "exactly one of prompt and prompts is needed",
      "Give one text as prompt, or several as prompts",
    );
  }
  const texts = (prompts ?? [prompt!]).flatMap((each) => Array<string>(count).fill(each));
  if (seeds && texts.length > 1 && seeds.length !== texts.length) {
    throw refuse(
      "seeds",
      seeds.length,
      `there are ${texts.length} pictures`,
      "Give one seed for each picture, or only the first as seed",
    );
  }
  const all = seeds && texts.length === 1 ? seeds.map(() => texts[0]!) : texts;
  if (typeof negativePrompt !== "string" && negativePrompt.length !== all.length) {
    throw refuse(
      "negativePrompt",
      negativePrompt.length,
      `there are ${all.length} pictures`,
      "Give one text for all, or one for each picture",
    );
  }
  const first = request.seed ?? notebookSeed;
  return all.map((each, i) => ({
    prompt: each,
    negativePrompt: typeof negativePrompt === "string" ? negativePrompt : negativePrompt[i]!,
    seed: seeds ? seeds[i]! : first + i,
  }));
}

/** Width and height in pixels. @throws AssayError `option.invalid` where the model cannot make them */
export function imageSize(request: GenerateRequest, diffusion: DiffusionModel): { width: number; height: number } {
  const size = { width: request.width ?? diffusion.size, height: request.height ?? diffusion.size };
  for (const edge of ["width", "height"] as const) {
    if (size[edge] % diffusion.granularity !== 0) {
      const remedy = `Use ${edge} ${Math.max(1, Math.round(size[edge] / diffusion.granularity)) * diffusion.granularity}`;
      const reason = `${diffusion.model.id} makes pictures whose edges are multiples of ${diffusion.granularity}`;
      throw problem.invalidOption("generate.image", edge, String(size[edge]), reason, remedy);
    }
  }
  return size;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isLora(value: unknown): boolean {
  return isObject(value) && Array.isArray((value as Partial<Lora>).layers);
}
