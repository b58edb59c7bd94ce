export { type DiffusionModel, diffusionModel, withNetwork } from "./diffusion-model.ts";
export { generateImage } from "./generate-image.ts";
export type { GenerateImageOptions, GenerateStep } from "./generate-options.ts";
export { encodeImages } from "./latents.ts";
export {
  diffuse,
  minSnrWeight,
  noiseSchedule,
  type SchedulerConfig,
  type SchedulerName,
  schedulerConfig,
  schedulers,
} from "./schedulers/index.ts";
export { type Conditioning, encodeTexts } from "./text-conditioning.ts";
