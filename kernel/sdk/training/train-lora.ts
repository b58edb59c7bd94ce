import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { openArtifacts } from "../../store/artifacts.ts";
import { type Clearance, defaultPolicy, gateDataset, gateTraining } from "../compliance/index.ts";
import { type DiffusionModel, diffusionModel } from "../diffusion/index.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import {
  type Injection,
  injectedLayers,
  injectLora,
  loraFromBytes,
  loraToTensors,
  writeSafetensors,
} from "../lora/index.ts";
import { type Progress, progress } from "../media/index.ts";
import { castTo } from "../models/index.ts";
import { readModel, writeAtomically } from "../onnx/index.ts";
import { type DataType, float32 } from "../tensor/index.ts";
import { addDenoisingLoss, denoisingLoss } from "./denoising-loss.ts";
import { encodeExamples, trainingBatches } from "./lora-examples.ts";
import { loraMetadata } from "./lora-metadata.ts";
import { type LoraRequest, loraRequest, type TrainLoraOptions } from "./lora-options.ts";
import { adamW } from "./optimizers.ts";
import { constant, cosine, linear, type Schedule, warmUp } from "./schedules.ts";
import { TrainedLora } from "./trained-lora.ts";
import { createTrainer } from "./trainer.ts";

/** MIME type of a LoRA file. */
const safetensorsMime = "application/vnd.safetensors";

/**
 * Trains a LoRA (Hu et al. 2021) of a latent diffusion model on a data set, on this machine, without Python: branches are put beside
 * the chosen weights of the UNet's ONNX graph, the graph is differentiated, and ONNX Runtime runs it. Shows progress with loss and
 * time left. Interrupting the cell leaves nothing half-written. The same options and seed give a bit-identical file on the same kind
 * of processor and number of threads.
 *
 * @example
 * const lora = await train.lora({ dataset, steps: 240, rank: 8, learningRate: 1e-3 });
 *
 * @throws AssayError `option.invalid`, `lora.targets`, `training.diverged`, and those of loading the model
 * @throws ComplianceError where the data set's mode or class, or the base model's class, breaks the mode
 */
export async function trainLora(options: TrainLoraOptions): Promise<TrainedLora> {
  const context = cellContext();
  const request = loraRequest(options);
  const { dataset } = request;
  const name = request.name ?? dataset.name;
  const seed = request.seed ?? context.seed;
  const policy = request.policy ?? defaultPolicy;
  gateDataset(dataset, context.mode);
  const diffusion = diffusionModel(request.model);
  const { model } = diffusion;
  const clearance = gateTraining({ dataset, base: model }, request.mode ?? context.mode, policy);
  const size = trainingSize(request, diffusion);
  const injection = injectLora(readModel(model.file("unet/model.onnx")), {
    rank: request.rank,
    alpha: request.alpha,
    targets: request.targets,
    seed,
    name: `unet of ${model.id}`,
  });

  const bar = progress({ label: `train ${name}`, total: Math.max(1, request.steps) });
  try {
    const { values, losses } = await run(injection, diffusion, request, { seed, size, bar });
    const layers = injectedLayers(injection, values);
    const { alpha } = injection;
    const metadata = loraMetadata(layers, { name, model, request, alpha, seed, policyVersion: policy.version });
    const bytes = writeSafetensors(loraToTensors(layers, request.keys), metadata);
    context.signal.throwIfAborted();
    const artifact = openArtifacts(context.storeFolder).putSync(bytes, safetensorsMime);
    const file = request.output === undefined ? undefined : resolve(context.baseFolder, request.output);
    if (file !== undefined) writeFile(file, bytes);
    bar.finish();
    const trained = new TrainedLora({
      ...loraFromBytes(bytes, `${name}.safetensors`, { name }),
      artifact,
      file,
      losses,
      rank: request.rank,
      alpha,
      steps: request.steps,
      seed,
      base: model.id,
      dataset: { name: dataset.name, sha256: dataset.sha256, size: dataset.captions.length },
      mode: dataset.mode,
      combinedClass: clearance.licenceClass,
    });
    recordTraining(trained, model.sha256, request, clearance);
    return trained;
  } catch (error) {
    bar.fail();
    throw error;
  }
}

interface Run {
  readonly seed: number;
  readonly size: number;
  readonly bar: Progress;
}

/** The values of the injected parameters after the steps, and the loss of each step. */
async function run(injection: Injection, diffusion: DiffusionModel, request: LoraRequest, { seed, size, bar }: Run) {
  const { signal } = cellContext();
  const start = Object.fromEntries(
    injection.parameters.map((name) => [name, injection.model.graph.initializers.get(name)!.toFloat32().data]),
  );
  if (request.steps === 0) return { values: start, losses: [] };

  const examples = await encodeExamples(diffusion, request.dataset, size, signal);
  const { batch, steps } = request;
  const { tokens, width } = examples.conditioning;
  const unet = addDenoisingLoss(injection.model, "out_sample");
  const input = (name: string) => unet.graph.inputs.find((candidate) => candidate.name === name);
  const time = input("timestep");
  const shared = time?.dims?.length === 0 || time?.dims?.[0] === 1;
  const timeDims = time?.dims?.length === 0 ? [] : [shared ? 1 : batch];
  const shapes = {
    sample: [batch, ...examples.dims],
    timestep: timeDims,
    encoder_hidden_states: [batch, tokens, width],
    [denoisingLoss.target]: [batch, ...examples.dims],
    [denoisingLoss.weight]: [batch],
  };
  const next = trainingBatches(examples, diffusion, request, seed, shared);
  const typeOf = (name: string): DataType => input(name)?.dtype ?? "float32";

  await using trainer = await createTrainer({
    model: unet,
    loss: denoisingLoss.loss,
    parameters: injection.parameters,
    shapes,
    optimizer: adamW({
      weightDecay: request.weightDecay,
      rateScale: (parameter) => (parameter.endsWith(".lora_B.weight") ? request.upRateRatio : 1),
    }),
    rate: schedule(request),
    clipNorm: request.clipNorm,
    name: `unet of ${diffusion.model.id} with LoRA`,
  });
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    signal.throwIfAborted();
    const made = next();
    const times = shared ? made.timesteps.slice(0, 1) : made.timesteps;
    const feeds = {
      sample: castTo(typeOf("sample"), made.sample, shapes.sample),
      timestep: castTo(typeOf("timestep"), times, timeDims),
      encoder_hidden_states: castTo(typeOf("encoder_hidden_states"), made.states, shapes.encoder_hidden_states),
      [denoisingLoss.target]: float32(made.target, shapes.sample),
      [denoisingLoss.weight]: float32(made.weights, [batch]),
    };
    const { loss, rate } = await trainer.step(feeds, { signal });
    losses.push(loss);
    bar.update(step, { loss: recentMean(losses).toFixed(4) });
    await request.onStep?.({ step, steps, loss, learningRate: rate });
  }
  const parameters = await trainer.parameters();
  return { values: Object.fromEntries(Array.from(parameters, ([key, tensor]) => [key, tensor.data])), losses };
}

function schedule(request: LoraRequest): Schedule {
  const { learningRate: rate, steps } = request;
  const rise = Math.min(steps, request.warmUp ?? Math.round(steps / 20));
  const rest = Math.max(1, steps - rise);
  const after = { constant: constant(rate), linear: linear(rate, rest), cosine: cosine(rate, rest) }[request.schedule];
  return rise > 0 ? warmUp(after, rise) : after;
}

function trainingSize({ resolution }: LoraRequest, { size, granularity, model }: DiffusionModel): number {
  const edge = resolution ?? size;
  if (edge % granularity === 0) return edge;
  const remedy = `Use ${Math.max(1, Math.round(edge / granularity)) * granularity}`;
  const reason = `${model.id} takes pictures whose edges are multiples of ${granularity}`;
  throw problem.invalidOption("train.lora", "resolution", String(edge), reason, remedy);
}

function writeFile(file: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeAtomically(file, [bytes]);
  } catch (cause) {
    throw problem.loraNotWritten(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function recordTraining(lora: TrainedLora, base: string, request: LoraRequest, { disclosure }: Clearance): void {
  const { record } = cellContext();
  const { name, sha256, bytes, losses, steps, seed, rank, alpha, mode, combinedClass } = lora;
  const { learningRate, upRateRatio, weightDecay, clipNorm, batch, captionDropout, minSnrGamma, keys } = request;
  const facts = {
    ...{ rank, alpha, seed, learningRate, upRateRatio, weightDecay, clipNorm, batch, captionDropout, minSnrGamma },
    ...{ keys, mode },
    schedule: request.schedule,
    targets: request.targets.map(String),
    base: lora.base,
    dataset: lora.dataset.name,
    ...(disclosure !== null && { disclosure }),
  };
  record({
    type: "training",
    name,
    base,
    dataset: lora.dataset.sha256,
    steps,
    result: sha256,
    losses,
    licenceClass: combinedClass,
    facts,
  });
  record({
    type: "produced",
    what: { role: "lora", name, sha256, bytes, mime: safetensorsMime, licenceClass: combinedClass },
    from: [base, lora.dataset.sha256],
    facts: { ...facts, steps },
  });
}

/** Mean of the last losses: one step's loss says little. */
function recentMean(losses: readonly number[]): number {
  const recent = losses.slice(-20);
  return recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
}
