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
import { runStage, WARM_UP, type Workshop } from "./run-stage.ts";

const BATCH = 16;
const STEPS = 3000;
/** Weight of the divergence term: small, so that latents stay sharp, but enough to keep them smooth. */
const KL_WEIGHT = 2e-3;
const LATENT = [BATCH, VAE_SHAPE.latentChannels, LATENT_SIZE, LATENT_SIZE] as const;

/** Trains both halves of the autoencoder together. */
export function trainVae(corpora: readonly Corpus[], test: Corpus, workshop: Workshop): Promise<Weights> {
  const all = concatenated(corpora);
  return runStage(
    {
      name: "vae",
      model: vaeGraph(),
      steps: STEPS,
      weightDecay: 1e-3,
      rate: warmUp(holdThenLinear(2e-3, STEPS - WARM_UP, 0.5), WARM_UP),
      batch: (step) => {
        const random = new Random(`vae/${step}`);
        const indices = Array.from({ length: BATCH }, () => random.int(all.count));
        return { picture: all.batch(indices), noise: random.normalTensor(LATENT) };
      },
      inspect: {
        every: 500,
        run: async (step, weights) => {
          const { psnr } = await reconstruct(weights, test, workshop, { count: 140, sheet: "vae.png" });
          console.log(`vae step ${step}: PSNR ${average(psnr).toFixed(2)} dB`);
        },
      },
    },
    workshop,
  );
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

export function vaeGraph(): Model {
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
