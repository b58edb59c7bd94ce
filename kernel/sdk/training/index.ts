export type { TrainingData, TrainLoraOptions, TrainStep } from "./lora-options.ts";
export { crossEntropy, huber, klDivergence, mean, meanAbsoluteError, meanSquaredError } from "./loss.ts";
export {
  type AdamWOptions,
  adamW,
  type LionOptions,
  lion,
  type Optimizer,
  type ParameterUpdate,
  type SgdOptions,
  sgd,
} from "./optimizers.ts";
export { constant, cosine, holdThenLinear, linear, type Schedule, warmUp } from "./schedules.ts";
export { trainLora } from "./train-lora.ts";
export { TrainedLora } from "./trained-lora.ts";
export {
  createTrainer,
  type StepOptions,
  type StepResult,
  Trainer,
  type TrainerOptions,
  type WhichWeights,
} from "./trainer.ts";
