import { type DiffusionModel, diffuse, encodeImages, minSnrWeight, noiseSchedule } from "../diffusion/index.ts";
import { Random } from "../tensor/index.ts";
import type { LoraRequest, TrainingData } from "./lora-options.ts";

/** The pictures of a data set as the denoiser sees them, computed once, with their captions. */
export interface Examples {
  readonly latents: readonly Float32Array[];
  readonly captions: readonly string[];
  /** Shape of one latent: [channels, height, width]. */
  readonly dims: readonly [number, number, number];
}

/** Encodes the pictures. @param size edge in pixels */
export async function encodeExamples(
  diffusion: DiffusionModel,
  dataset: TrainingData,
  size: number,
  signal: AbortSignal,
): Promise<Examples> {
  const images = await dataset.images({ size });
  signal.throwIfAborted();
  const latents = await encodeImages(diffusion, images, { width: size, height: size }, signal);
  const edge = size / diffusion.vaeScale;
  return { latents, captions: dataset.captions, dims: [diffusion.latentChannels, edge, edge] };
}

/** The numbers of one training step. */
export interface TrainingBatch {
  /** Noisy latents, [batch, ...dims]. */
  readonly sample: Float32Array;
  /** Training timestep of each sample. */
  readonly timesteps: number[];
  /** Caption of each sample; empty where it is left out. */
  readonly captions: readonly string[];
  /** What the network should answer, as `sample`. */
  readonly target: Float32Array;
  /** Weight of each sample in the loss. */
  readonly weights: Float32Array;
}

/**
 * Draws training batches: every picture once per round in a random order, a caption or none, a timestep, noise. The timesteps of one
 * batch are spread over the schedule (stratified), each still uniform by itself, which steadies the loss. Each kind of chance has its
 * own stream, so that changing one option does not reshuffle the others.
 *
 * @param shared whether all samples of a batch share one timestep, as some exported networks demand
 */
export function trainingBatches(
  { latents, captions, dims }: Examples,
  diffusion: DiffusionModel,
  request: Pick<LoraRequest, "batch" | "captionDropout" | "minSnrGamma">,
  seed: number,
  shared: boolean,
): () => TrainingBatch {
  const { batch, captionDropout, minSnrGamma } = request;
  const random = new Random(`train-lora/${seed}`);
  const order = random.fork("order");
  const drop = random.fork("captions");
  const times = random.fork("timesteps");
  const noise = random.fork("noise");
  const schedule = noiseSchedule(diffusion.scheduler);
  const count = diffusion.scheduler.num_train_timesteps;
  let round: number[] = [];

  return () => {
    const length = dims[0] * dims[1] * dims[2];
    const made = {
      sample: new Float32Array(batch * length),
      target: new Float32Array(batch * length),
      captions: new Array<string>(batch),
      weights: new Float32Array(batch).fill(1),
    };
    const start = times.uniform();
    const timesteps = Array.from({ length: batch }, (_, i) =>
      Math.floor(((start + (shared ? 0 : i / batch)) % 1) * count),
    );
    for (let i = 0; i < batch; i++) {
      if (round.length === 0) round = order.shuffle(latents.map((_, index) => index));
      const index = round.pop()!;
      const { noisy, target } = diffuse(schedule, latents[index]!, noise.normalTensor(dims).data, timesteps[i]!);
      made.sample.set(noisy, i * length);
      made.target.set(target, i * length);
      made.captions[i] = drop.uniform() < captionDropout ? "" : captions[index]!;
      if (minSnrGamma > 0) made.weights[i] = minSnrWeight(schedule, timesteps[i]!, minSnrGamma);
    }
    return { ...made, timesteps };
  };
}
