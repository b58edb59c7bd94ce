import type { SchedulerConfig } from "./config.ts";

type Spacing = NonNullable<SchedulerConfig["timestep_spacing"]>;

/**
 * The training timesteps that a run of `steps` steps visits, from noisy to clean (Lin et al. 2023, table 2).
 *
 * @param round whether `linspace` is rounded to whole timesteps
 */
export function spacedTimesteps(config: SchedulerConfig, spacing: Spacing, steps: number, round: boolean): number[] {
  const count = config.num_train_timesteps;
  const indices = Array.from({ length: steps }, (_, i) => i);
  switch (spacing) {
    case "leading": {
      const stride = Math.floor(count / steps);
      return indices.map((i) => i * stride + config.steps_offset).reverse();
    }
    case "trailing":
      return indices.map((i) => roundHalfToEven(count - (i * count) / steps) - 1);
    case "linspace": {
      const last = count - 1;
      const even = indices.map((i) => (steps === 1 ? 0 : (last * i) / (steps - 1))).reverse();
      return round ? even.map(roundHalfToEven) : even;
    }
  }
}

/** NumPy's rounding. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
