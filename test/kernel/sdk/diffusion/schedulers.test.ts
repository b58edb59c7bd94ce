import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  diffuse,
  minSnrWeight,
  noiseSchedule,
  type SchedulerConfigSpec,
  type SchedulerName,
  schedulerConfig,
  schedulers,
  signalToNoise,
} from "../../../../kernel/sdk/diffusion/schedulers/index.ts";

interface Vectors {
  alphas: Record<string, Record<string, number>>;
  leading: number[];
  trailing: number[];
  velocity: Record<string, number>;
}
const fixture = new URL("../../../fixtures/schedulers/vectors.json", import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(fixture, "utf8"));

const stableDiffusion: SchedulerConfigSpec = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  set_alpha_to_one: false,
  clip_sample: false,
};

function close(actual: number, expected: number, tolerance = 2e-6): void {
  const distance = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  assert.ok(distance <= tolerance, `${actual} is not ${expected}`);
}

function start(name: SchedulerName, spec: SchedulerConfigSpec, steps: number) {
  return schedulers[name](schedulerConfig.parse(spec), steps);
}

function rollout(
  name: SchedulerName,
  spec: SchedulerConfigSpec,
  steps: number,
  model: (x: number, t: number) => number,
): number {
  const run = start(name, spec, steps);
  let sample: Float32Array = Float32Array.of(run.initialSigma);
  run.timesteps.forEach((t, i) => {
    const output = run.input(sample, i).map((x) => model(x, t));
    sample = run.step(output, sample, i);
  });
  return sample[0]!;
}

test("noise schedules agree with PyTorch", () => {
  for (const [name, expected] of Object.entries(vectors.alphas)) {
    const [beta_schedule, zero] = name.split(" ") as ["linear", string | undefined];
    const spec = { ...(beta_schedule === "linear" ? {} : stableDiffusion), beta_schedule };
    const config = schedulerConfig.parse({ ...spec, rescale_betas_zero_snr: zero !== undefined });
    const { alphasCumprod } = noiseSchedule(config);
    for (const [t, value] of Object.entries(expected)) close(alphasCumprod[Number(t)]!, value, 1e-12);
  }
});

test("the schedule of Stable Diffusion has the published values", () => {
  const schedule = noiseSchedule(schedulerConfig.parse(stableDiffusion));
  close(schedule.alphasCumprod[0]!, 0.99914998);
  close(schedule.alphasCumprod[500]!, 0.27633247);
  close(schedule.alphasCumprod[999]!, 0.0046601);
  const timesteps = [0, 100, 500, 999];
  for (const [i, snr] of [1175.440552, 8.453866, 0.38185, 0.004682].entries()) {
    close(signalToNoise(schedule, timesteps[i]!), snr, 4e-5);
  }
  for (const [i, weight] of [0.004254, 0.591445, 1, 1].entries()) {
    close(minSnrWeight(schedule, timesteps[i]!, 5), weight);
  }
  const velocity = noiseSchedule(schedulerConfig.parse({ ...stableDiffusion, prediction_type: "v_prediction" }));
  for (const [i, weight] of [0.00425, 0.528884, 0.276332, 0.00466].entries()) {
    close(minSnrWeight(velocity, timesteps[i]!, 5), weight);
  }
});

test("published rollouts of five steps with half the input as noise", () => {
  const half = (x: number) => x / 2;
  close(rollout("ddim", { ...stableDiffusion, steps_offset: 1 }, 5, half), 1.820606);
  const leading: SchedulerConfigSpec = { ...stableDiffusion, timestep_spacing: "leading", steps_offset: 1 };
  close(rollout("euler", leading, 5, half), 1.794679);
  close(rollout("dpm++2m", stableDiffusion, 5, half), 2.875165);
  close(rollout("dpm++2m", { ...stableDiffusion, use_karras_sigmas: true }, 5, half), 1.868287, 5e-6);
});

test("Euler visits the published timesteps and noise levels", () => {
  const leading = start("euler", { ...stableDiffusion, timestep_spacing: "leading", steps_offset: 1 }, 5);
  assert.deepEqual(leading.timesteps, [801, 601, 401, 201, 1]);
  close(leading.initialSigma, 5.230909);
  const trailing = start("euler", { ...stableDiffusion, timestep_spacing: "trailing" }, 1);
  assert.deepEqual(trailing.timesteps, [999]);
  close(trailing.initialSigma, 14.61465);
  const karras = start("euler", { ...stableDiffusion, use_karras_sigmas: true }, 5);
  for (const [i, t] of [999, 785.954, 427.4898, 58.8915, 0].entries()) close(karras.timesteps[i]!, t, 1e-5);
});

test("DPM-Solver++ visits the published timesteps", () => {
  assert.deepEqual(start("dpm++2m", stableDiffusion, 5).timesteps, [999, 799, 599, 400, 200]);
});

test("DDIM and Euler follow the angle form of a velocity model", () => {
  const velocity = (x: number, t: number) => Math.tanh(x) / 2 + t / 4000;
  for (const [name, expected] of Object.entries(vectors.velocity)) {
    const [beta_schedule, ...rest] = name.split(" ") as ["scaled_linear", ...string[]];
    const spec: SchedulerConfigSpec = {
      ...stableDiffusion,
      beta_schedule,
      rescale_betas_zero_snr: rest[0] === "zero",
      timestep_spacing: rest.at(-1) as "leading" | "trailing",
      steps_offset: 1,
      prediction_type: "v_prediction",
      set_alpha_to_one: true,
    };
    assert.deepEqual(start("ddim", spec, 4).timesteps, rest.at(-1) === "leading" ? vectors.leading : vectors.trailing);
    close(rollout("ddim", spec, 4, velocity), expected);
    // Trailing runs of Euler start at σ instead of √(σ² + 1), so only leading ones start at the same point.
    if (rest.at(-1) === "leading") close(rollout("euler", spec, 4, velocity), expected);
  }
});

test("every scheduler ends at the clean sample when the network knows it", () => {
  for (const prediction_type of ["epsilon", "v_prediction", "sample"] as const) {
    const spec: SchedulerConfigSpec = {
      ...stableDiffusion,
      prediction_type,
      set_alpha_to_one: true,
      timestep_spacing: "trailing",
    };
    const { alphasCumprod } = noiseSchedule(schedulerConfig.parse(spec));
    const clean = 0.7;
    const exact = (x: number, t: number) => {
      const [signal, spread] = [Math.sqrt(alphasCumprod[t]!), Math.sqrt(1 - alphasCumprod[t]!)];
      const noise = (x - signal * clean) / spread;
      return { epsilon: noise, v_prediction: signal * noise - spread * clean, sample: clean }[prediction_type];
    };
    for (const name of Object.keys(schedulers) as SchedulerName[]) close(rollout(name, spec, 5, exact), clean, 1e-4);
  }
});

test("diffuse mixes signal and noise, and states what each kind of network answers", () => {
  const [clean, noise] = [Float32Array.of(1, -2), Float32Array.of(0.5, 0.25)];
  for (const prediction_type of ["epsilon", "v_prediction", "sample"] as const) {
    const schedule = noiseSchedule(schedulerConfig.parse({ ...stableDiffusion, prediction_type }));
    const signal = Math.sqrt(0.27633247);
    const spread = Math.sqrt(1 - 0.27633247);
    const { noisy, target } = diffuse(schedule, clean, noise, 500);
    close(noisy[1]!, -2 * signal + 0.25 * spread, 1e-6);
    const answer = { epsilon: 0.25, sample: -2, v_prediction: 0.25 * signal + 2 * spread }[prediction_type];
    close(target[1]!, answer, 1e-6);
  }
});

test("a configuration that asks for the unsupported is refused", () => {
  assert.throws(() => schedulerConfig.parse({ thresholding: true }));
  assert.throws(() => schedulerConfig.parse({ beta_schedule: "sigmoid" }));
});
