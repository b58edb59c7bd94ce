import type { EngineSession } from "../../../kernel/sdk/onnx/index.ts";
import { Random, Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { batchPixels } from "../corpus/batch.ts";
import { cosineAlphas, TRAINING_STEPS } from "../nets/noise-schedule.ts";
import { LATENT_SIZE, TEXT_SHAPE, UNET_SHAPE, VOCABULARY } from "../shapes.ts";
import { encodeCaption } from "../text/vocabulary.ts";

/** Sessions of the parts that make pictures. */
export interface Pipeline {
  readonly text: EngineSession;
  readonly unet: EngineSession;
  readonly decoder: EngineSession;
  readonly scalingFactor: number;
}

export interface SampleOptions {
  /** Default 20. */
  readonly steps?: number;
  /** Weight of the prompt against the empty prompt. Default 2.5. */
  readonly guidance?: number;
  readonly seed?: string;
}

/** Captions to ids [B, 24]. */
export function tokenBatch(captions: readonly string[]): Tensor<"int64"> {
  const ids = captions.flatMap((caption) => encodeCaption(caption, VOCABULARY));
  return new Tensor("int64", [captions.length, TEXT_SHAPE.tokens], BigInt64Array.from(ids, BigInt));
}

/** Makes one picture per prompt by DDIM (Song et al., 2021) with classifier-free guidance: bytes, one picture after another. */
export async function samplePictures(
  pipeline: Pipeline,
  prompts: readonly string[],
  { steps = 20, guidance = 2.5, seed = "sample" }: SampleOptions = {},
): Promise<Uint8Array> {
  const count = prompts.length;
  const shape = [2 * count, UNET_SHAPE.latentChannels, LATENT_SIZE, LATENT_SIZE];
  const ids = tokenBatch([...prompts, ...prompts.map(() => "")]);
  const text = (await pipeline.text.run({ input_ids: ids })).last_hidden_state!;
  const latent = new Random(seed).normalTensor([count, ...shape.slice(1)]).data.slice() as Float32Array;
  const alphas = cosineAlphas();

  for (let index = 0; index < steps; index++) {
    const t = Math.round(TRAINING_STEPS - (index * TRAINING_STEPS) / steps) - 1;
    const next = Math.round(TRAINING_STEPS - ((index + 1) * TRAINING_STEPS) / steps) - 1;
    const twice = new Float32Array(latent.length * 2);
    twice.set(latent);
    twice.set(latent, latent.length);
    const out = await pipeline.unet.run({
      sample: new Tensor("float32", shape, twice),
      timestep: new Tensor("float32", [1], Float32Array.of(t)),
      encoder_hidden_states: text,
    });
    stepDdim(latent, out.out_sample!.data as Float32Array, guidance, alphas[t]!, next >= 0 ? alphas[next]! : 1);
  }

  const scaled = latent.map((value) => value / pipeline.scalingFactor);
  const decoded = await pipeline.decoder.run({
    latent_sample: new Tensor("float32", [count, ...shape.slice(1)], scaled),
  });
  return batchPixels(decoded.sample!);
}

/** One DDIM step in place; `velocity` holds the guided half, then the unguided. */
function stepDdim(latent: Float32Array, velocity: Float32Array, guidance: number, alpha: number, next: number): void {
  const a = Math.sqrt(alpha);
  const s = Math.sqrt(1 - alpha);
  const nextA = Math.sqrt(next);
  const nextS = Math.sqrt(1 - next);
  for (let i = 0; i < latent.length; i++) {
    const free = velocity[latent.length + i]!;
    const v = free + guidance * (velocity[i]! - free);
    const clean = a * latent[i]! - s * v;
    const noise = s * latent[i]! + a * v;
    latent[i] = nextA * clean + nextS * noise;
  }
}
