import { join } from "node:path";
import { graphBuilder, type Model } from "../../../kernel/sdk/onnx/index.ts";
import { Random, Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { holdThenLinear, warmUp } from "../../../kernel/sdk/training/index.ts";
import { batchPixels, chunks, pictureBatch } from "../corpus/batch.ts";
import { type Corpus, PICTURE_BYTES, PICTURE_SIZE } from "../corpus/corpus.ts";
import { writeContactSheet } from "../evaluate/contact-sheet.ts";
import { average, picturePsnr } from "../evaluate/psnr.ts";
import { klLoss, pictureLoss, weighted } from "../nets/losses.ts";
import { Net, type Weights } from "../nets/net.ts";
import { VAE_SHAPE, vaeDecoder, vaeEncoder } from "../nets/vae.ts";
import { vaeDecoderModel, vaeEncoderModel } from "../publish/models.ts";
import { LATENT_SIZE } from "../shapes.ts";
import { latestWeights, runStage, type Stage, WARM_UP, type Workshop } from "./run-stage.ts";

const BATCH = 16;
const JOINT_STEPS = 3000;
const DECODER_STEPS = 1200;
/** Weight of the divergence term: small, so that latents stay sharp, but enough to keep them smooth. */
const KL_WEIGHT = 2e-3;
/** Noise on the latents while the decoder is trained alone, in latents' standard deviations: the UNet will not be exact either. */
const DECODER_NOISE = 0.03;
const LATENT = [BATCH, VAE_SHAPE.latentChannels, LATENT_SIZE, LATENT_SIZE] as const;

/** Trains both halves of the autoencoder together. */
export function trainVae(corpora: readonly Corpus[], test: Corpus, workshop: Workshop): Promise<Weights> {
  const all = concatenated(corpora);
  return runStage(
    {
      name: "vae",
      model: jointGraph(),
      steps: JOINT_STEPS,
      weightDecay: 1e-3,
      rate: warmUp(holdThenLinear(2e-3, JOINT_STEPS - WARM_UP, 0.5), WARM_UP),
      batch: (step) => {
        const random = new Random(`vae/${step}`);
        const indices = Array.from({ length: BATCH }, () => random.int(all.count));
        return { picture: all.batch(indices), noise: random.normalTensor(LATENT) };
      },
      inspect: inspection("vae", (weights) => weights, test, workshop),
    },
    workshop,
  );
}

/** Trains the decoder on, alone, on slightly noisy latents of a finished encoder; gives the weights of both halves. */
export async function trainDecoder(
  joint: Weights,
  corpora: readonly Corpus[],
  test: Corpus,
  workshop: Workshop,
): Promise<Weights> {
  await using encoder = await workshop.engine.load(vaeEncoderModel(joint));
  const means = await encodeMeans(encoder, corpora);
  const { spread } = latentScale(means);
  const size = LATENT[1] * LATENT[2] * LATENT[3];
  const all = concatenated(corpora);
  const decoder = await runStage(
    {
      name: "vae-decoder",
      model: decoderGraph(joint),
      steps: DECODER_STEPS,
      weightDecay: 1e-3,
      rate: warmUp(holdThenLinear(1e-3, DECODER_STEPS - WARM_UP, 0.2), WARM_UP),
      batch: (step) => {
        const random = new Random(`vae-decoder/${step}`);
        const indices = Array.from({ length: BATCH }, () => random.int(all.count));
        const latent = random.normalTensor(LATENT, DECODER_NOISE * spread);
        for (const [row, index] of indices.entries()) {
          for (let i = 0; i < size; i++) latent.data[row * size + i]! += means[index * size + i]!;
        }
        return { latent, picture: all.batch(indices) };
      },
      inspect: inspection("vae-decoder", (weights) => new Map([...joint, ...weights]), test, workshop),
    },
    workshop,
  );
  return new Map([...joint, ...decoder]);
}

/** The weights of both halves as far as they are trained, for looking at pictures on the way. */
export function latestVae(joint: Weights, { folder }: Workshop): Weights {
  const decoder = latestWeights({ name: "vae-decoder", model: decoderGraph(joint) }, folder);
  return new Map([...joint, ...(decoder ?? [])]);
}

function inspection(
  name: string,
  whole: (weights: Weights) => Weights,
  test: Corpus,
  workshop: Workshop,
): Stage["inspect"] {
  return {
    every: 500,
    run: async (step, weights) => {
      const { psnr } = await reconstruct(whole(weights), test, workshop, { count: 140, sheet: `${name}.png` });
      console.log(`${name} step ${step}: PSNR ${average(psnr).toFixed(2)} dB`);
    },
  };
}

/** Latent means of all pictures of the corpora, one after another. */
export async function encodeMeans(
  encoder: { run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> },
  corpora: readonly Corpus[],
): Promise<Float32Array> {
  const all = concatenated(corpora);
  const size = LATENT[1] * LATENT[2] * LATENT[3];
  const means = new Float32Array(all.count * size);
  for (const indices of chunks(all.count, 50)) {
    const { latent_parameters } = await encoder.run({ sample: all.batch(indices) });
    const data = latent_parameters!.data as Float32Array;
    for (const [row, index] of indices.entries())
      means.set(data.subarray(row * 2 * size, row * 2 * size + size), index * size);
  }
  return means;
}

/** Standard deviation of latents, and the factor that brings it to 1. */
export function latentScale(means: Float32Array): { spread: number; scalingFactor: number } {
  let sum = 0;
  let squares = 0;
  for (const value of means) {
    sum += value;
    squares += value * value;
  }
  const spread = Math.sqrt(squares / means.length - (sum / means.length) ** 2);
  return { spread, scalingFactor: Number((1 / spread).toPrecision(6)) };
}

/** Encodes and decodes the first `count` test pictures: PSNR of each, and their pixels. */
export async function reconstruct(
  weights: Weights,
  test: Corpus,
  { engine, folder }: Workshop,
  { count, sheet }: { count: number; sheet?: string },
): Promise<{ psnr: number[]; pixels: Uint8Array }> {
  await using encoder = await engine.load(vaeEncoderModel(weights));
  await using decoder = await engine.load(vaeDecoderModel(weights));
  const wanted = test.pixels.subarray(0, count * PICTURE_BYTES);
  const pixels = new Uint8Array(wanted.length);
  for (const indices of chunks(count, 50)) {
    const { latent_parameters } = await encoder.run({ sample: pictureBatch(wanted, indices) });
    const latent = firstHalf(latent_parameters!);
    const { sample } = await decoder.run({ latent_sample: latent });
    pixels.set(batchPixels(sample!), indices[0]! * PICTURE_BYTES);
  }
  if (sheet) {
    const rows = 4;
    const columns = 14;
    const shown = Array.from({ length: rows }, (_, row) =>
      [wanted, pixels].map((from) => cut(from, row * columns, columns)),
    );
    await writeContactSheet(join(folder, sheet), Buffer.concat(shown.flat()), { columns });
  }
  return { psnr: picturePsnr(pixels, wanted), pixels };
}

const cut = (pixels: Uint8Array, from: number, count: number) =>
  pixels.subarray(from * PICTURE_BYTES, (from + count) * PICTURE_BYTES);

/** The means: the first half of the channels of `latent_parameters`. */
export function firstHalf(parameters: Tensor): Tensor {
  const [count, channels, height, width] = parameters.dims as [number, number, number, number];
  const size = (channels / 2) * height * width;
  const data = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    data.set((parameters.data as Float32Array).subarray(row * 2 * size, row * 2 * size + size), row * size);
  }
  return new Tensor("float32", [count, channels / 2, height, width], data);
}

/** Several corpora as one. */
export function concatenated(corpora: readonly Corpus[]): {
  count: number;
  batch(indices: readonly number[]): Tensor<"float32">;
} {
  const pixels = Buffer.concat(corpora.map((corpus) => corpus.pixels));
  return { count: pixels.length / PICTURE_BYTES, batch: (indices) => pictureBatch(pixels, indices) };
}

export function jointGraph(): Model {
  const g = graphBuilder({ name: "vae_training" });
  const net = new Net(g, new Random("vae"));
  const picture = g.input("picture", "float32", [BATCH, 3, PICTURE_SIZE, PICTURE_SIZE]);
  const noise = g.input("noise", "float32", LATENT);
  const [means, logVariances] = g.ops("Split", [vaeEncoder(net, picture)], { axis: 1, num_outputs: 2 }, 2);
  const deviation = net.op("Exp", [net.op("Mul", [logVariances!, 0.5])]);
  const latent = net.op("Add", [means!, net.op("Mul", [deviation, noise])]);
  const made = vaeDecoder(net, latent);
  g.output(
    "loss",
    weighted(net, [
      [1, pictureLoss(net, made, picture, PICTURE_SIZE)],
      [KL_WEIGHT, klLoss(net, means!, logVariances!)],
    ]),
  );
  return g.build();
}

export function decoderGraph(weights: Weights): Model {
  const g = graphBuilder({ name: "vae_decoder_training" });
  const net = new Net(g, new Random("vae-decoder"), weights);
  const picture = g.input("picture", "float32", [BATCH, 3, PICTURE_SIZE, PICTURE_SIZE]);
  const latent = g.input("latent", "float32", LATENT);
  g.output("loss", pictureLoss(net, vaeDecoder(net, latent), picture, PICTURE_SIZE));
  return g.build();
}
