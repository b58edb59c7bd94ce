import type { DiffusionModel } from "../diffusion/index.ts";
import { type Injection, injectedLayers, injectLora, type LoraComponent, type LoraLayer } from "../lora/index.ts";
import { type Model, readModel, type ValueInfo } from "../onnx/index.ts";
import { addDenoisingLoss } from "./denoising-loss.ts";
import { joinModels } from "./join-models.ts";
import type { LoraRequest } from "./lora-options.ts";

/** The networks of a model with branches beside their weights, as one graph with a loss. */
export interface AdaptedNetworks {
  /** Takes `input_ids` where the text encoder learns too, else `encoder_hidden_states`. */
  readonly model: Model;
  readonly parameters: readonly string[];
  /** Values of the parameters before the first step. */
  readonly start: Readonly<Record<string, Float32Array>>;
  readonly alpha: number;
  /** Inputs of the graph by name. */
  readonly inputs: ReadonlyMap<string, ValueInfo>;
  /** The LoRA that given values of the parameters make. */
  layers(values: Readonly<Record<string, Float32Array>>): LoraLayer[];
}

/** Names of the text encoder's values in the joined graph begin so. */
const textPrefix = "text_encoder/";

/** Prepares the networks of a model for training. @throws AssayError `lora.targets` */
export function adaptNetworks(diffusion: DiffusionModel, request: LoraRequest, seed: number): AdaptedNetworks {
  const { model } = diffusion;
  const inject = (component: LoraComponent, targets: readonly (string | RegExp)[]) =>
    injectLora(readModel(model.file(`${component}/model.onnx`)), {
      rank: request.rank,
      alpha: request.alpha,
      targets,
      seed,
      component,
      name: `${component} of ${model.id}`,
    });
  const unet = inject("unet", request.targets);
  const parts: { injection: Injection; prefix: string }[] = [{ injection: unet, prefix: "" }];
  let graph = addDenoisingLoss(unet.model, "out_sample");
  if (request.textEncoder) {
    const text = inject("text_encoder", request.textTargets);
    graph = joinModels(text.model, graph, ["last_hidden_state", "encoder_hidden_states"], textPrefix);
    parts.push({ injection: text, prefix: textPrefix });
  }
  const parameters = parts.flatMap(({ injection, prefix }) => injection.parameters.map((name) => `${prefix}${name}`));
  return {
    model: graph,
    parameters,
    start: Object.fromEntries(parameters.map((name) => [name, graph.graph.initializers.get(name)!.toFloat32().data])),
    alpha: unet.alpha,
    inputs: new Map(graph.graph.inputs.map((input) => [input.name, input])),
    layers: (values) =>
      parts.flatMap(({ injection, prefix }) =>
        injectedLayers(
          injection,
          Object.fromEntries(injection.parameters.map((name) => [name, values[`${prefix}${name}`]!])),
        ),
      ),
  };
}
