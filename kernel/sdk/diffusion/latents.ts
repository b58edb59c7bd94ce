import { problem } from "../errors.ts";
import type { Image } from "../media/index.ts";
import { feed } from "../models/index.ts";
import { type DiffusionModel, withNetwork } from "./diffusion-model.ts";

/**
 * Latents of pictures, scaled as the denoiser knows them: one array of channels × height/scale × width/scale each. The means of the
 * encoder's distribution, so that the same picture always gives the same latents. Pictures are cut and resized to the given size.
 */
export function encodeImages(
  diffusion: DiffusionModel,
  images: readonly Image[],
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { latentChannels, scalingFactor, shiftFactor } = diffusion;
  const { width, height } = size;
  return withNetwork(diffusion, "vae_encoder", async (session) => {
    const latents: Float32Array[] = [];
    for (const image of images) {
      signal.throwIfAborted();
      const planes = (await image.resize(width, height)).planes();
      const outputs = await session.run({ sample: feed(session, "sample", planes, [1, 3, height, width]) }, { signal });
      const parameters = outputs.latent_parameters ?? outputs.latent_sample;
      if (!parameters)
        throw problem.modelConfig(session.name, "the network has neither latent_parameters nor latent_sample");
      const [, , rows, columns] = parameters.dims as [number, number, number, number];
      const means = parameters.toFloat32().data.subarray(0, latentChannels * rows * columns);
      latents.push(means.map((value) => (value - shiftFactor) * scalingFactor));
    }
    return latents;
  });
}

/** Planes (channel, row, column) in −1…1 of each picture of a batch of latents. @param dims shape of one latent: [channels, height, width] */
export function decodeLatents(
  diffusion: DiffusionModel,
  latents: readonly Float32Array[],
  dims: readonly [number, number, number],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { scalingFactor, shiftFactor } = diffusion;
  return withNetwork(diffusion, "vae_decoder", async (session) => {
    const length = latents[0]!.length;
    const batch = new Float32Array(latents.length * length);
    for (const [i, latent] of latents.entries()) {
      batch.set(
        latent.map((value) => value / scalingFactor + shiftFactor),
        i * length,
      );
    }
    const feeds = { latent_sample: feed(session, "latent_sample", batch, [latents.length, ...dims]) };
    const { sample } = await session.run(feeds, { signal });
    if (!sample) throw problem.modelConfig(session.name, "the network has no output sample");
    const pixels = sample.toFloat32().data;
    const size = pixels.length / latents.length;
    return latents.map((_, i) => pixels.slice(i * size, (i + 1) * size));
  });
}
