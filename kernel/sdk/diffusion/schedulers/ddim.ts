import { noiseSchedule } from "./noise-schedule.ts";
import { combine, type Scheduler } from "./scheduler.ts";
import { spacedTimesteps } from "./timesteps.ts";

/**
 * DDIM with η = 0 (Song et al. 2021, equation 12): deterministic, first order. Honours `timestep_spacing` (default `leading`),
 * `steps_offset`, `set_alpha_to_one`, `clip_sample` (default true) and `rescale_betas_zero_snr`.
 */
export const ddim: Scheduler = (config, steps) => {
  const schedule = noiseSchedule(config);
  const { alphasCumprod } = schedule;
  const timesteps = spacedTimesteps(config, config.timestep_spacing ?? "leading", steps, true).map((t) =>
    Math.min(t, alphasCumprod.length - 1),
  );
  const stride = Math.floor(config.num_train_timesteps / steps);
  const finalAlpha = config.set_alpha_to_one ? 1 : alphasCumprod[0]!;
  const limit = (config.clip_sample ?? true) ? config.clip_sample_range : Number.POSITIVE_INFINITY;
  return {
    timesteps,
    initialSigma: 1,
    input: (sample) => sample,
    step(output, sample, index) {
      const t = timesteps[index]!;
      const alpha = alphasCumprod[t]!;
      const next = t - stride >= 0 ? alphasCumprod[t - stride]! : finalAlpha;
      const signal = Math.sqrt(alpha);
      const spread = Math.sqrt(1 - alpha);
      let clean: Float32Array;
      let noise: Float32Array;
      switch (schedule.prediction) {
        case "epsilon":
          clean = combine(1 / signal, sample, -spread / signal, output);
          noise = output;
          break;
        case "v_prediction":
          clean = combine(signal, sample, -spread, output);
          noise = combine(signal, output, spread, sample);
          break;
        case "sample":
          clean = output;
          noise = combine(1 / spread, sample, -signal / spread, output);
          break;
      }
      if (Number.isFinite(limit)) clean = clean.map((x) => Math.min(Math.max(x, -limit), limit));
      return combine(Math.sqrt(next), clean, Math.sqrt(1 - next), noise);
    },
  };
};
