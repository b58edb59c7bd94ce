import type { SchedulerConfig } from "./config.ts";

/**
 * The forward process of a diffusion model: how much signal is left at each training timestep. A noisy sample is
 * √ᾱₜ·x₀ + √(1 − ᾱₜ)·ε (Ho et al. 2020, equation 4).
 */
export interface NoiseSchedule {
  /** ᾱ per training timestep, falling. */
  readonly alphasCumprod: Float64Array;
  readonly prediction: SchedulerConfig["prediction_type"];
}

/** Computes the forward process of a configuration. */
export function noiseSchedule(config: SchedulerConfig): NoiseSchedule {
  const alphasCumprod = new Float64Array(config.num_train_timesteps);
  let product = 1;
  betas(config).forEach((beta, t) => {
    product *= 1 - beta;
    alphasCumprod[t] = product;
  });
  if (config.rescale_betas_zero_snr) removeFinalSignal(alphasCumprod);
  return { alphasCumprod, prediction: config.prediction_type };
}

function betas(config: SchedulerConfig): Float64Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  if (config.trained_betas) return Float64Array.from(config.trained_betas);
  const at = (from: number, to: number, t: number) => (count === 1 ? from : from + ((to - from) * t) / (count - 1));
  switch (config.beta_schedule) {
    case "linear":
      return Float64Array.from({ length: count }, (_, t) => at(start, end, t));
    case "scaled_linear":
      return Float64Array.from({ length: count }, (_, t) => at(Math.sqrt(start), Math.sqrt(end), t) ** 2);
    case "squaredcos_cap_v2": {
      const signal = (time: number) => Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
      return Float64Array.from({ length: count }, (_, t) =>
        Math.min(1 - signal((t + 1) / count) / signal(t / count), 0.999),
      );
    }
  }
}

/** Lin et al. 2023, algorithm 1: √ᾱ is shifted to end at 0 and scaled to keep its start. */
function removeFinalSignal(alphasCumprod: Float64Array): void {
  const first = Math.sqrt(alphasCumprod[0]!);
  const last = Math.sqrt(alphasCumprod.at(-1)!);
  alphasCumprod.forEach((value, t) => {
    alphasCumprod[t] = ((Math.sqrt(value) - last) * (first / (first - last))) ** 2;
  });
}

/** The signal-to-noise ratio ᾱ / (1 − ᾱ) of a training timestep. */
export function signalToNoise(schedule: NoiseSchedule, timestep: number): number {
  const alpha = schedule.alphasCumprod[timestep]!;
  return alpha / (1 - alpha);
}

/**
 * The noisy sample of a training timestep, and what the network should answer to it.
 *
 * @param clean x₀, written to by nobody
 * @param noise ε, standard normal, as long as `clean`
 */
export function diffuse(
  schedule: NoiseSchedule,
  clean: Float32Array,
  noise: Float32Array,
  timestep: number,
): { noisy: Float32Array; target: Float32Array } {
  const alpha = schedule.alphasCumprod[timestep]!;
  const signal = Math.sqrt(alpha);
  const spread = Math.sqrt(1 - alpha);
  const noisy = clean.map((x, i) => signal * x + spread * noise[i]!);
  switch (schedule.prediction) {
    case "epsilon":
      return { noisy, target: noise };
    case "sample":
      return { noisy, target: clean };
    case "v_prediction":
      return { noisy, target: clean.map((x, i) => signal * noise[i]! - spread * x) };
  }
}

/**
 * The factor of a timestep in a min-SNR weighted loss (Hang et al. 2023): min(SNR, γ) divided by SNR for ε, by SNR + 1 for v,
 * by 1 for x₀.
 */
export function minSnrWeight(schedule: NoiseSchedule, timestep: number, gamma: number): number {
  const snr = signalToNoise(schedule, timestep);
  const clipped = Math.min(snr, gamma);
  switch (schedule.prediction) {
    case "epsilon":
      return snr === 0 ? 1 : clipped / snr;
    case "v_prediction":
      return clipped / (snr + 1);
    case "sample":
      return clipped;
  }
}
