import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CellContext, RecordEvent } from "../../kernel/protocol/cell-context.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { Image } from "../../kernel/sdk/media/index.ts";
import { type Model, writeModel } from "../../kernel/sdk/onnx/index.ts";
import { Random } from "../../kernel/sdk/tensor/index.ts";
import { randomTextEncoder, randomUnet, randomVae } from "./random-unet.ts";

/** What to put into the folder in place of the random networks and the usual settings. */
export interface PipelineParts {
  readonly unet?: Model;
  readonly textEncoder?: Model;
  readonly vaeEncoder?: Model;
  readonly vaeDecoder?: Model;
  readonly scheduler?: Record<string, unknown>;
  readonly scalingFactor?: number;
}

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const tokens = [...letters, ...letters.map((letter) => `${letter}</w>`), "<|startoftext|>", "<|endoftext|>"];

/** Writes a diffusers ONNX folder with random weights: 12×12 pixels, 6×6 latents, 8 tokens. */
export function writeRandomPipeline(folder: string, parts: PipelineParts = {}): void {
  const vae = randomVae();
  const networks = {
    unet: parts.unet ?? randomUnet(),
    text_encoder: parts.textEncoder ?? randomTextEncoder(tokens.length, 8),
    vae_encoder: parts.vaeEncoder ?? vae.encoder,
    vae_decoder: parts.vaeDecoder ?? vae.decoder,
  };
  const vaeConfig = { block_out_channels: [8, 8], latent_channels: 4, scaling_factor: parts.scalingFactor ?? 0.7 };
  const files: Record<string, unknown> = {
    "model_index.json": { _class_name: "OnnxStableDiffusionPipeline" },
    "scheduler/scheduler_config.json": {
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: "scaled_linear",
      clip_sample: false,
      timestep_spacing: "trailing",
      ...parts.scheduler,
    },
    "unet/config.json": { sample_size: 6, in_channels: 4, block_out_channels: [16] },
    "vae_decoder/config.json": vaeConfig,
    "vae_encoder/config.json": vaeConfig,
    "tokenizer/vocab.json": Object.fromEntries(tokens.map((token, id) => [token, id])),
    "tokenizer/tokenizer_config.json": { model_max_length: 8 },
  };
  for (const [path, content] of Object.entries(files)) write(join(folder, path), JSON.stringify(content));
  write(join(folder, "tokenizer/merges.txt"), "#version: 0.2\n");
  for (const [name, model] of Object.entries(networks)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeModel(model, join(folder, name, "model.onnx"));
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Surroundings for the SDK in a folder of their own, with everything that is told to them kept. */
export interface TestSurroundings extends Disposable {
  readonly folder: string;
  readonly events: RecordEvent[];
  readonly outputs: Output[];
  context(changes?: Partial<CellContext>): CellContext;
}

/** Makes a temporary folder as the notebook's, with the store in it. */
export function surroundings(): TestSurroundings {
  const folder = mkdtempSync(join(tmpdir(), "assay-test-"));
  const events: RecordEvent[] = [];
  const outputs: Output[] = [];
  return {
    folder,
    events,
    outputs,
    context: (changes = {}) => ({
      mode: "open_source_only",
      seed: 0,
      randomKey: "test",
      storeFolder: join(folder, ".assay"),
      baseFolder: folder,
      signal: new AbortController().signal,
      inlineLimit: 65_536,
      emit: (output) => outputs.push(output),
      record: (event) => events.push(event),
      ask: () => Promise.reject(new Error("nobody to ask")),
      ...changes,
    }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A data set of pictures of one colour each, in the shape that `train.lora` takes. */
export function plainDataset(count = 6, changes: Record<string, unknown> = {}) {
  const random = new Random("plain data set");
  const colours = Array.from({ length: count }, () => [random.int(256), random.int(256), random.int(256)]);
  return {
    name: "plain",
    mode: "open_source_only" as const,
    licenceClass: "creative_commons" as const,
    sha256: "d".repeat(64),
    captions: colours.map((_, i) => ["red", "blue", "old", "new"][i % 4]!),
    images: async ({ size }: { size: number }) =>
      colours.map((colour) => {
        const data = Uint8Array.from({ length: size * size * 3 }, (_, i) => colour[i % 3]!);
        return new Image({ width: size, height: size, channels: 3, data });
      }),
    ...changes,
  };
}
