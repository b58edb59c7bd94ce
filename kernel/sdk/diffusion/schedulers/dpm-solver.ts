import { noiseSchedule } from "./noise-schedule.ts";
import { combine, type Scheduler } from "./scheduler.ts";
import { runSigmas } from "./sigmas.ts";
import { roundHalfToEven, spacedTimesteps } from "./timesteps.ts";

/**
 * DPM-Solver++ 2M (Lu et al. 2022, algorithm 2; midpoint): deterministic, second order, one evaluation a step. Honours
 * `timestep_spacing` (default `linspace`), `steps_offset`, `use_karras_sigmas`, `use_exponential_sigmas`, `final_sigmas_type` and
 * `rescale_betas_zero_snr`. The last step is of first order when it ends at σ = 0 or the run is shorter than 15 steps.
 */
export const dpmSolver: Scheduler = (config, steps) => {
  const schedule = noiseSchedule(config);
  const spacing = config.timestep_spacing ?? "linspace";
  const { sigmas, timesteps } = runSigmas(config, schedule, visited(), true);
  const levels = Array.from(sigmas, (sigma) => {
    const signal = 1 / Math.sqrt(sigma ** 2 + 1);
    return { signal, spread: sigma * signal, lambda: -Math.log(sigma) };
  });
  let previous: Float32Array | undefined;

  /** `linspace` and `leading` plan one step more than they take, from the training schedule's end. */
  function visited(): number[] {
    const count = config.num_train_timesteps;
    if (spacing === "linspace") {
      const even = Array.from({ length: steps + 1 }, (_, i) => roundHalfToEven(((count - 1) * i) / steps));
      return even.reverse().slice(0, -1);
    }
    if (spacing === "leading") {
      const stride = Math.floor(count / (steps + 1));
      const even = Array.from({ length: steps + 1 }, (_, i) => i * stride);
      return even
        .reverse()
        .slice(0, -1)
        .map((t) => t + config.steps_offset);
    }
    return spacedTimesteps(config, spacing, steps, true);
  }

  return {
    timesteps,
    initialSigma: 1,
    input: (sample) => sample,
    step(output, sample, index) {
      const here = levels[index]!;
      const next = levels[index + 1]!;
      const clean = predictClean(here, output, sample);
      const older = previous;
      previous = clean;
      const width = next.lambda - here.lambda;
      const decay = -next.signal * Math.expm1(-width);
      const first = combine(next.spread / here.spread, sample, decay, clean);
      const last = index === steps - 1 && (config.final_sigmas_type === "zero" || steps < 15);
      if (older === undefined || last) return first;
      const ratio = (here.lambda - levels[index - 1]!.lambda) / width;
      const slope = combine(1 / ratio, clean, -1 / ratio, older);
      return combine(1, first, decay / 2, slope);
    },
  };

  function predictClean(
    level: { signal: number; spread: number },
    output: Float32Array,
    sample: Float32Array,
  ): Float32Array {
    const { signal, spread } = level;
    switch (schedule.prediction) {
      case "epsilon":
        return combine(1 / signal, sample, -spread / signal, output);
      case "v_prediction":
        return combine(signal, sample, -spread, output);
      case "sample":
        return output;
    }
  }
};
