/**
 * All that a cell imports from `"assay"`.
 *
 * ```ts
 * import { data, display, generate, metrics, train } from "assay";
 *
 * const collection = await data.collect("corpus");
 * const dataset = data.dataset(collection, { mode: "open_source_only" });
 * const lora = await train.lora({ dataset, steps: 200 });
 * const images = await generate.image({ prompt: "a red cube, blueprint style", loras: [{ lora, weight: 1 }] });
 * display.images(images);
 * ```
 *
 * @module
 */

import { generateImage } from "./diffusion/index.ts";
import { trainLora } from "./training/index.ts";

export { type ComplianceMode, complianceModes, type LicenceClass, licenceClasses } from "../protocol/compliance.ts";
export { confirm, input, secret } from "./ask.ts";
export * as autodiff from "./autodiff/index.ts";
export * as compliance from "./compliance/index.ts";
export { ComplianceError } from "./compliance/index.ts";
export * as data from "./data/index.ts";
export { AssayError, type Problem } from "./errors.ts";
export * as lora from "./lora/index.ts";
export {
  Audio,
  display,
  displaySymbol,
  html,
  Image,
  image,
  json,
  latex,
  lineChart,
  Mesh,
  markdown,
  svg,
  table,
  Video,
} from "./media/index.ts";
export * as metrics from "./metrics/index.ts";
export * as models from "./models/index.ts";
export * as onnx from "./onnx/index.ts";
export {
  type ParameterOptions,
  type ParameterSpecs,
  type ParameterValue,
  type ParameterValues,
  parameters,
} from "./parameters.ts";
export * as tensor from "./tensor/index.ts";
export * as training from "./training/index.ts";

/** Generation by diffusion models. */
export const generate = {
  /**
   * Images for prompts, as the notebook's mode allows: `await generate.image({ prompts, seed: 7, steps: 20, loras: [{ lora, weight: 1 }] })`.
   * The same options and seed give the same bytes. Throws a `ComplianceError` when the model or a LoRA breaks the mode.
   */
  image: generateImage,
} as const;

/** Training. */
export const train = {
  /**
   * Trains a LoRA on a data set, with progress, loss and time left: `await train.lora({ dataset, steps: 480, rank: 8, learningRate: 4e-3, batch: 4 })`.
   * The result is a safetensors file with diffusers keys, and can be given to `generate.image`. Throws a `ComplianceError` when the data
   * set or the base model breaks the notebook's mode.
   */
  lora: trainLora,
} as const;
