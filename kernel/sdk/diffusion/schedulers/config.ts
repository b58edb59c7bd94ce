import { z } from "zod";

/**
 * What `scheduler/scheduler_config.json` says, with the defaults of the diffusers library for what it leaves out. Fields that
 * concern other schedulers are kept out; a field that asks for something unsupported is refused by name, never ignored.
 */
export const schedulerConfig = z.object({
  /** Length of the training schedule. */
  num_train_timesteps: z.number().int().positive().default(1000),
  beta_start: z.number().default(0.0001),
  beta_end: z.number().default(0.02),
  beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("linear"),
  /** Explicit betas, one per training timestep; they win over `beta_schedule`. */
  trained_betas: z.array(z.number()).nullish(),
  /** What the network predicts: the noise ε, the velocity v, or the clean sample. */
  prediction_type: z.enum(["epsilon", "v_prediction", "sample"]).default("epsilon"),
  /** Which training timesteps a run visits (Lin et al. 2023, table 2). The default depends on the scheduler. */
  timestep_spacing: z.enum(["leading", "trailing", "linspace"]).optional(),
  steps_offset: z.number().int().default(0),
  /** DDIM: the last step goes to ᾱ = 1, else to ᾱ of timestep 0. */
  set_alpha_to_one: z.boolean().default(true),
  /** DDIM: clip the predicted clean sample. */
  clip_sample: z.boolean().optional(),
  clip_sample_range: z.number().positive().default(1),
  /** Shift the schedule so that the last timestep has no signal (Lin et al. 2023, algorithm 1). */
  rescale_betas_zero_snr: z.boolean().default(false),
  /** Euler, DPM++: noise levels of Karras et al. 2022, equation 5 with ρ = 7. */
  use_karras_sigmas: z.boolean().nullish(),
  /** Euler, DPM++: noise levels equally spaced in their logarithm. */
  use_exponential_sigmas: z.boolean().nullish(),
  /** Euler, DPM++: where the last step ends. */
  final_sigmas_type: z.enum(["zero", "sigma_min"]).default("zero"),
  use_beta_sigmas: z.literal(false).nullish(),
  thresholding: z.literal(false).nullish(),
});

/** A complete scheduler configuration. */
export type SchedulerConfig = z.output<typeof schedulerConfig>;

/** A scheduler configuration as a file or a caller writes it: every field may be missing. */
export type SchedulerConfigSpec = z.input<typeof schedulerConfig>;
