import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Model, writeAtomically, writeModel } from "../../../kernel/sdk/onnx/index.ts";
import type { Weights } from "../nets/net.ts";
import { VOCABULARY } from "../shapes.ts";
import { tokenizerFiles } from "../text/tokenizer-files.ts";
import {
  CLIP_CONFIG,
  MODEL_INDEX,
  PREPROCESSOR_CONFIG,
  SCHEDULER_CONFIG,
  TEXT_CONFIG,
  UNET_CONFIG,
  vaeConfig,
} from "./configs.ts";
import {
  clipImageModel,
  clipTextModel,
  judgeModel,
  textEncoderModel,
  unetModel,
  vaeDecoderModel,
  vaeEncoderModel,
} from "./models.ts";

/** Weights of the parts of the pipeline; a part left out gets fresh ones. */
export interface PipelineWeights {
  readonly vae?: Weights;
  readonly unet?: Weights;
  readonly text?: Weights;
  /** What latents are multiplied with for unit variance. */
  readonly scalingFactor: number;
}

/** Writes the diffusers ONNX folder, without model.json. */
export function writePipeline(folder: string, weights: PipelineWeights): void {
  json(join(folder, "model_index.json"), MODEL_INDEX);
  json(join(folder, "scheduler/scheduler_config.json"), SCHEDULER_CONFIG);
  part(join(folder, "text_encoder/model.onnx"), textEncoderModel(weights.text), TEXT_CONFIG);
  part(join(folder, "unet/model.onnx"), unetModel(weights.unet), UNET_CONFIG);
  part(join(folder, "vae_encoder/model.onnx"), vaeEncoderModel(weights.vae), vaeConfig(weights.scalingFactor));
  part(join(folder, "vae_decoder/model.onnx"), vaeDecoderModel(weights.vae), vaeConfig(weights.scalingFactor));
  tokenizer(join(folder, "tokenizer"));
}

/** Writes the transformers ONNX folder of the CLIP pair, without model.json. */
export function writeClipPair(folder: string, weights?: Weights): void {
  json(join(folder, "config.json"), CLIP_CONFIG);
  json(join(folder, "preprocessor_config.json"), PREPROCESSOR_CONFIG);
  model(join(folder, "onnx/text_model.onnx"), clipTextModel(weights));
  model(join(folder, "onnx/vision_model.onnx"), clipImageModel(weights));
  tokenizer(folder);
}

/** Writes the judging classifier beside the pipeline. */
export function writeJudge(folder: string, weights?: Weights): void {
  model(join(folder, "judge/model.onnx"), judgeModel(weights));
}

/** SHA-256 and length of every file in a folder but `model.json` itself, by path. */
export function checksums(folder: string): Record<string, { sha256: string; bytes: number }> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "model.json")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const entries = paths.map((path) => {
    const bytes = readFileSync(join(folder, path));
    return [path, { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length }] as const;
  });
  return Object.fromEntries(entries);
}

/** Writes a JSON file, indented. */
export function json(path: string, value: unknown): void {
  text(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a text file, making its folder. */
export function text(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeAtomically(path, [Buffer.from(content)]);
}

function part(path: string, onnx: Model, config: unknown): void {
  model(path, onnx);
  json(join(dirname(path), "config.json"), config);
}

function model(path: string, onnx: Model): void {
  mkdirSync(dirname(path), { recursive: true });
  writeModel(onnx, path, { halfWeights: true });
}

function tokenizer(folder: string): void {
  for (const [name, content] of Object.entries(tokenizerFiles(VOCABULARY))) text(join(folder, name), content);
}
