import type { SchedulerConfig } from "./config.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";
import { roundHalfToEven } from "./timesteps.ts";

/** Noise levels σ = √((1 − ᾱ) / ᾱ) per training timestep, rising. A zero ᾱ counts as 2⁻²⁴, so that σ stays finite. */
export function trainingSigmas(schedule: NoiseSchedule): Float64Array {
  return schedule.alphasCumprod.map((alpha) => {
    const signal = Math.max(alpha, 2 ** -24);
    return Math.sqrt((1 - signal) / signal);
  });
}

/**
 * The noise levels of a run, one more than its timesteps, and the timesteps that belong to them: looked up for the spaced
 * timesteps, or spread anew where the configuration asks for Karras's or exponential levels.
 *
 * @param whole spread anew over the whole training schedule and round the timesteps, as the DPM solvers do; else between the
 *   levels of the spaced timesteps
 */
export function runSigmas(
  config: SchedulerConfig,
  schedule: NoiseSchedule,
  spaced: readonly number[],
  whole: boolean,
): { sigmas: Float64Array; timesteps: number[] } {
  const training = trainingSigmas(schedule);
  let sigmas = spaced.map((t) => interpolate(training, t));
  let timesteps = [...spaced];
  const respread = config.use_karras_sigmas ? karras : config.use_exponential_sigmas ? exponential : undefined;
  if (respread) {
    const range: [number, number] = whole ? [training[0]!, training.at(-1)!] : [sigmas.at(-1)!, sigmas[0]!];
    sigmas = respread(...range, sigmas.length);
    timesteps = sigmas.map((sigma) => timestepOf(training, sigma)).map((t) => (whole ? roundHalfToEven(t) : t));
  }
  const final = config.final_sigmas_type === "zero" ? 0 : training[0]!;
  return { sigmas: Float64Array.from([...sigmas, final]), timesteps };
}

function interpolate(values: Float64Array, position: number): number {
  const low = Math.min(Math.max(Math.floor(position), 0), values.length - 1);
  const high = Math.min(low + 1, values.length - 1);
  const rest = Math.min(position, values.length - 1) - low;
  return values[low]! + rest * (values[high]! - values[low]!);
}

/** Karras et al. 2022, equation 5, ρ = 7. */
function karras(min: number, max: number, count: number): number[] {
  const rho = 7;
  const [low, high] = [min ** (1 / rho), max ** (1 / rho)];
  return Array.from({ length: count }, (_, i) => (high + (count === 1 ? 0 : i / (count - 1)) * (low - high)) ** rho);
}

function exponential(min: number, max: number, count: number): number[] {
  const [low, high] = [Math.log(min), Math.log(max)];
  return Array.from({ length: count }, (_, i) => Math.exp(high + (count === 1 ? 0 : i / (count - 1)) * (low - high)));
}

/** The fractional timestep whose noise level is `sigma`, linear in log σ. */
function timestepOf(training: Float64Array, sigma: number): number {
  const value = Math.log(sigma);
  let low = training.findLastIndex((s) => Math.log(s) <= value);
  low = Math.min(Math.max(low, 0), training.length - 2);
  const [below, above] = [Math.log(training[low]!), Math.log(training[low + 1]!)];
  const rest = Math.min(Math.max((value - below) / (above - below), 0), 1);
  return low + rest;
}
