import { problem } from "../errors.ts";
import { feed } from "../models/index.ts";
import type { EngineSession } from "../onnx/index.ts";
import { Random } from "../tensor/index.ts";
import type { SchedulerRun } from "./schedulers/index.ts";
import type { Conditioning } from "./text-conditioning.ts";

/** One picture to be made. */
export interface DenoiseItem {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
}

export interface DenoiseSettings {
  /** Shape of one latent: [channels, height, width]. */
  readonly dims: readonly [number, number, number];
  /** Classifier-free guidance (Ho and Salimans 2022); 1 turns it off and halves the work. */
  readonly guidance: number;
  readonly conditioning: Conditioning;
  readonly signal: AbortSignal;
  /** Called after each step, with the number of steps done. */
  readonly onStep: (done: number) => void | Promise<void>;
}

/** The noise that a picture starts from; it depends on the seed and the shape only. */
export function initialNoise(seed: number, dims: readonly number[]): Float32Array {
  return new Random(`noise/${seed}`).normalTensor(dims).data;
}

/**
 * Takes a batch of pictures from noise to latents. Scheduler and guidance work on each picture by itself; only the network sees the
 * batch, unconditional halves first.
 */
export async function denoise(
  unet: EngineSession,
  run: SchedulerRun,
  items: readonly DenoiseItem[],
  settings: DenoiseSettings,
): Promise<Float32Array[]> {
  const { dims, guidance, conditioning, signal } = settings;
  const guided = guidance !== 1;
  const texts = [...(guided ? items.map((item) => item.negativePrompt) : []), ...items.map((item) => item.prompt)];
  const length = dims[0] * dims[1] * dims[2];
  const states = new Float32Array(texts.length * conditioning.tokens * conditioning.width);
  for (const [i, text] of texts.entries()) {
    states.set(conditioning.states.get(text)!, i * conditioning.tokens * conditioning.width);
  }
  const context = feed(unet, "encoder_hidden_states", states, [texts.length, conditioning.tokens, conditioning.width]);
  const timeDims = unet.inputs.find(({ name }) => name === "timestep")?.dims.length === 0 ? [] : [1];

  let samples: Float32Array = new Float32Array(items.length * length);
  for (const [i, { seed }] of items.entries()) {
    samples.set(
      initialNoise(seed, dims).map((value) => value * run.initialSigma),
      i * length,
    );
  }
  for (const [index, timestep] of run.timesteps.entries()) {
    signal.throwIfAborted();
    const input = run.input(samples, index);
    const batch = guided ? twice(input) : input;
    const feeds = {
      sample: feed(unet, "sample", batch, [texts.length, ...dims]),
      timestep: feed(unet, "timestep", [wholeWhereNeeded(unet, timestep)], timeDims),
      encoder_hidden_states: context,
    };
    const { out_sample } = await unet.run(feeds, { signal });
    if (!out_sample) throw problem.modelConfig(unet.name, "the network has no output out_sample");
    const answer = out_sample.toFloat32().data;
    samples = run.step(guided ? guide(answer, guidance) : answer, samples, index);
    await settings.onStep(index + 1);
  }
  return items.map((_, i) => samples.slice(i * length, (i + 1) * length));
}

function twice(input: Float32Array): Float32Array {
  const both = new Float32Array(input.length * 2);
  both.set(input);
  both.set(input, input.length);
  return both;
}

/** Goes from the unconditional half of an answer past the prompted half. */
function guide(answer: Float32Array, guidance: number): Float32Array {
  const half = answer.length / 2;
  return Float32Array.from({ length: half }, (_, i) => answer[i]! + guidance * (answer[half + i]! - answer[i]!));
}

/** Older exports take whole timesteps only. */
function wholeWhereNeeded(unet: EngineSession, timestep: number): number {
  const dtype = unet.inputs.find(({ name }) => name === "timestep")?.dtype;
  return dtype === "int64" || dtype === "int32" ? Math.round(timestep) : timestep;
}
