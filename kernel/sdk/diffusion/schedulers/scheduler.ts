import type { SchedulerConfig } from "./config.ts";

/**
 * One walk from noise to a sample. Step `i` belongs to `timesteps[i]`; steps are taken once, in order.
 *
 * Samples are flat `Float32Array`s of any shape. Computed element by element, so a sample does not depend on its neighbours in a
 * batch.
 */
export interface SchedulerRun {
  /** What the network is told, from noisy to clean; may be fractional. */
  readonly timesteps: readonly number[];
  /** Standard deviation of the noise to start from. */
  readonly initialSigma: number;
  /** What the network sees of a sample before step `index`. */
  input(sample: Float32Array, index: number): Float32Array;
  /** The sample after step `index`, from the network's answer to `input`. */
  step(output: Float32Array, sample: Float32Array, index: number): Float32Array;
}

/** Plans a walk of `steps` steps, 1 to the length of the training schedule. */
export type Scheduler = (config: SchedulerConfig, steps: number) => SchedulerRun;

/** Applies a linear combination element by element. */
export function combine(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = a * x[i]! + b * y[i]!;
  return result;
}
