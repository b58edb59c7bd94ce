export { ClipScore, type ClipScoreOptions, clipScore } from "./clip-score.ts";
export type { FeatureEncoder, Features, Samples } from "./features.ts";
export { type Channels, type FidelityOptions, psnr, ssim } from "./fidelity.ts";
export { type FrechetOptions, frechet } from "./frechet.ts";
export { type KidOptions, kid, kidDifference } from "./kid.ts";
export { Measure } from "./measure.ts";
export {
  type BootstrapOptions,
  bootstrapDifference,
  bootstrapMean,
  type EstimateWithInterval,
  type Interval,
  mean,
  quantile,
} from "./statistics.ts";
