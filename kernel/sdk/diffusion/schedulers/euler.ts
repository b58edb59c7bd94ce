import { noiseSchedule } from "./noise-schedule.ts";
import { combine, type Scheduler } from "./scheduler.ts";
import { runSigmas } from "./sigmas.ts";
import { spacedTimesteps } from "./timesteps.ts";

/**
 * Euler's method on the probability-flow equation (Karras et al. 2022, algorithm 2 without churn): deterministic, first order.
 * Honours `timestep_spacing` (default `linspace`, not rounded), `steps_offset`, `use_karras_sigmas`, `use_exponential_sigmas`,
 * `final_sigmas_type` and `rescale_betas_zero_snr`.
 */
export const euler: Scheduler = (config, steps) => {
  const schedule = noiseSchedule(config);
  const spacing = config.timestep_spacing ?? "linspace";
  const spaced = spacedTimesteps(config, spacing, steps, false);
  const { sigmas, timesteps } = runSigmas(config, schedule, spaced, false);
  const largest = sigmas[0]!;
  return {
    timesteps,
    initialSigma: spacing === "leading" ? Math.sqrt(largest ** 2 + 1) : largest,
    input(sample, index) {
      const scale = 1 / Math.sqrt(sigmas[index]! ** 2 + 1);
      return sample.map((x) => x * scale);
    },
    step(output, sample, index) {
      const sigma = sigmas[index]!;
      const change = sigmas[index + 1]! - sigma;
      switch (schedule.prediction) {
        case "epsilon":
          return combine(1, sample, change, output);
        case "v_prediction": {
          const square = sigma ** 2 + 1;
          const clean = combine(1 / square, sample, -sigma / Math.sqrt(square), output);
          return combine(1 + change / sigma, sample, -change / sigma, clean);
        }
        case "sample":
          return combine(1 + change / sigma, sample, -change / sigma, output);
      }
    },
  };
};
