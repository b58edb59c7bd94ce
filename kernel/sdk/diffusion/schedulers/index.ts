import { ddim } from "./ddim.ts";
import { dpmSolver } from "./dpm-solver.ts";
import { euler } from "./euler.ts";
import type { Scheduler } from "./scheduler.ts";

export { type SchedulerConfig, type SchedulerConfigSpec, schedulerConfig } from "./config.ts";
export { diffuse, minSnrWeight, type NoiseSchedule, noiseSchedule, signalToNoise } from "./noise-schedule.ts";
export type { Scheduler, SchedulerRun } from "./scheduler.ts";

/** The ways from noise to a sample, by the name that `generate.image` takes. */
export const schedulers = { ddim, euler, "dpm++2m": dpmSolver } as const satisfies Record<string, Scheduler>;

/** Name of a scheduler. */
export type SchedulerName = keyof typeof schedulers;
