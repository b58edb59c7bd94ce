import { join } from "node:path";
import { type EngineSession, graphBuilder, type Model } from "../../../kernel/sdk/onnx/index.ts";
import { Random, Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { holdThenLinear, warmUp } from "../../../kernel/sdk/training/index.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { writeContactSheet } from "../evaluate/contact-sheet.ts";
import { judgePictures, score } from "../evaluate/judge.ts";
import { promptScenes, promptsOf } from "../evaluate/prompts.ts";
import { type Pipeline, samplePictures, tokenBatch } from "../evaluate/sample.ts";
import { mean } from "../nets/losses.ts";
import { Net, type Weights } from "../nets/net.ts";
import { cosineAlphas, TRAINING_STEPS } from "../nets/noise-schedule.ts";
import { textEncoder } from "../nets/text-encoder.ts";
import { unet } from "../nets/unet.ts";
import { writePipeline } from "../publish/folders.ts";
import { judgeModel, textEncoderModel, unetModel, vaeDecoderModel } from "../publish/models.ts";
import { randomCaption } from "../scenes/index.ts";
import { LATENT_SIZE, TEXT_SHAPE, UNET_SHAPE } from "../shapes.ts";
import { latestJudge } from "./judge.ts";
import { runStage, under, WARM_UP, type Workshop } from "./run-stage.ts";

const BATCH = 32;
/** Share of captions that are left empty, for classifier-free guidance. */
const EMPTY_CAPTIONS = 0.1;
const LATENT = UNET_SHAPE.latentChannels * LATENT_SIZE * LATENT_SIZE;
const SHAPE = [BATCH, UNET_SHAPE.latentChannels, LATENT_SIZE, LATENT_SIZE] as const;

export interface UnetTraining {
  readonly steps: number;
  readonly corpus: Corpus;
  /** Latent means of the corpus' pictures, one after another, and what scales them to unit variance. */
  readonly latents: Float32Array;
  readonly scalingFactor: number;
  /** Decodes the pictures that are looked at on the way. */
  readonly vae: Weights;
}

/** Trains UNet and text encoder together by v-prediction (Salimans and Ho, 2022). */
export async function trainUnet(training: UnetTraining, workshop: Workshop): Promise<Weights> {
  const { steps, scalingFactor } = training;
  const alphas = cosineAlphas();
  return runStage(
    {
      name: "unet",
      model: unetGraph(),
      steps,
      averageDecay: 0.998,
      rate: warmUp(holdThenLinear(1e-3, steps - WARM_UP, 0.45), WARM_UP),
      batch: (step) => unetBatch(training, alphas, new Random(`unet/${step}`)),
      inspect: {
        every: 750,
        run: async (step, weights) => {
          const parts = {
            vae: training.vae,
            unet: under(weights, "unet"),
            text: under(weights, "text_encoder"),
            scalingFactor,
          };
          writePipeline(join(workshop.folder, "preview"), parts);
          await inspectPictures(step, parts, workshop);
        },
      },
    },
    workshop,
  );
}

/** Opens the parts of a pipeline in an engine. */
export async function openPipeline(
  parts: { vae: Weights; unet: Weights; text: Weights; scalingFactor: number },
  { engine }: Workshop,
): Promise<Pipeline & AsyncDisposable> {
  const text = await engine.load(textEncoderModel(parts.text));
  const net = await engine.load(unetModel(parts.unet));
  const decoder = await engine.load(vaeDecoderModel(parts.vae));
  const all: EngineSession[] = [text, net, decoder];
  return {
    text,
    unet: net,
    decoder,
    scalingFactor: parts.scalingFactor,
    async [Symbol.asyncDispose]() {
      for (const session of all) await session[Symbol.asyncDispose]();
    },
  };
}

async function inspectPictures(
  step: number,
  parts: { vae: Weights; unet: Weights; text: Weights; scalingFactor: number },
  workshop: Workshop,
): Promise<void> {
  await using pipeline = await openPipeline(parts, workshop);
  const scenes = promptScenes(48, "inspect");
  const pixels = await samplePictures(pipeline, promptsOf(scenes), { seed: "inspect" });
  await writeContactSheet(join(workshop.folder, `unet-${step}.png`), pixels, { columns: 12 });
  const judgeWeights = latestJudge(workshop);
  if (!judgeWeights) return;
  await using judge = await workshop.engine.load(judgeModel(judgeWeights));
  const answers = await judgePictures(judge, pixels);
  const one = (scene: (typeof scenes)[number]) => scene.objects.length === 1;
  const of = (wanted: boolean) => {
    const rows = scenes.map((_, i) => i).filter((i) => one(scenes[i]!) === wanted);
    return score(
      rows.map((i) => scenes[i]!),
      rows.map((i) => answers[i]!),
    );
  };
  const all = score(scenes, answers);
  const figure = (value: number) => value.toFixed(2);
  console.log(
    `unet step ${step}: one ${figure(of(true).allRight)}, two ${figure(of(false).allRight)}, shape ${figure(all.shape)}, ` +
      `colour ${figure(all.colour)}, style ${figure(all.style)}, ground ${figure(all.ground)}, sky ${figure(all.sky)}`,
  );
}

export function unetBatch(
  { corpus, latents, scalingFactor }: UnetTraining,
  alphas: Float64Array,
  random: Random,
): Record<string, Tensor> {
  const clean = new Float32Array(BATCH * LATENT);
  const captions: string[] = [];
  const uniform = () => random.uniform();
  for (let row = 0; row < BATCH; row++) {
    const index = random.int(corpus.scenes.length);
    clean.set(latents.subarray(index * LATENT, (index + 1) * LATENT), row * LATENT);
    captions.push(random.uniform() < EMPTY_CAPTIONS ? "" : randomCaption(corpus.scenes[index]!, uniform));
  }
  const noise = random.normalTensor(SHAPE).data;
  const noisy = new Float32Array(clean.length);
  const target = new Float32Array(clean.length);
  const timesteps = new Float32Array(BATCH);
  const shift = random.uniform();
  for (let row = 0; row < BATCH; row++) {
    const t = Math.min(TRAINING_STEPS - 1, Math.floor(((row + shift) / BATCH) * TRAINING_STEPS));
    timesteps[row] = t;
    const a = Math.sqrt(alphas[t]!);
    const s = Math.sqrt(1 - alphas[t]!);
    for (let i = row * LATENT; i < (row + 1) * LATENT; i++) {
      const x = clean[i]! * scalingFactor;
      noisy[i] = a * x + s * noise[i]!;
      target[i] = a * noise[i]! - s * x;
    }
  }
  return {
    sample: new Tensor("float32", SHAPE, noisy),
    target: new Tensor("float32", SHAPE, target),
    timestep: new Tensor("float32", [BATCH], timesteps),
    input_ids: tokenBatch(captions),
  };
}

/** The training graph; also what a benchmark of a step needs. */
export function unetGraph(): Model {
  const g = graphBuilder({ name: "unet_training" });
  const net = new Net(g, new Random("unet"));
  const sample = g.input("sample", "float32", SHAPE);
  const target = g.input("target", "float32", SHAPE);
  const timestep = g.input("timestep", "float32", [BATCH]);
  const ids = g.input("input_ids", "int64", [BATCH, TEXT_SHAPE.tokens]);
  const text = net.scope("text_encoder", () => textEncoder(net, ids, TEXT_SHAPE));
  const made = net.scope("unet", () => unet(net, sample, timestep, text, UNET_SHAPE));
  const difference = net.op("Sub", [made, target]);
  g.output("loss", mean(net, net.op("Mul", [difference, difference])));
  return g.build();
}
