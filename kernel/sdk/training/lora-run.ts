import { join } from "node:path";
import { type DiffusionModel, encodeTexts } from "../diffusion/index.ts";
import { cellContext } from "../host.ts";
import type { Progress } from "../media/index.ts";
import { castTo, readClipTokenizer } from "../models/index.ts";
import { type DataType, float32, type Tensor } from "../tensor/index.ts";
import type { AdaptedNetworks } from "./adapted-networks.ts";
import { denoisingLoss } from "./denoising-loss.ts";
import { encodeExamples, trainingBatches } from "./lora-examples.ts";
import type { LoraRequest } from "./lora-options.ts";
import { adamW } from "./optimizers.ts";
import { constant, cosine, linear, type Schedule, warmUp } from "./schedules.ts";
import { createTrainer } from "./trainer.ts";

export interface TrainingRun {
  readonly seed: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  readonly bar: Progress;
}

export interface TrainingResult {
  /** The parameters after the last step, by name. */
  readonly values: Readonly<Record<string, Float32Array>>;
  /** Loss of each step, before its update. */
  readonly losses: readonly number[];
}

/** Takes the steps of a run. With none, the parameters stay as they are and nothing is encoded. */
export async function runTraining(
  networks: AdaptedNetworks,
  diffusion: DiffusionModel,
  request: LoraRequest,
  { seed, size, bar }: TrainingRun,
): Promise<TrainingResult> {
  const { signal } = cellContext();
  const { batch, steps } = request;
  if (steps === 0) return { values: networks.start, losses: [] };
  const examples = await encodeExamples(diffusion, request.dataset, size, signal);
  const texts = await textInput(networks, diffusion, examples.captions, signal);
  const time = networks.inputs.get("timestep")?.dims;
  // Some exports take one timestep for the whole batch.
  const shared = time?.length === 0 || time?.[0] === 1;
  const shapes: Record<string, readonly number[]> = {
    sample: [batch, ...examples.dims],
    timestep: time?.length === 0 ? [] : [shared ? 1 : batch],
    [texts.name]: [batch, ...texts.dims],
    [denoisingLoss.target]: [batch, ...examples.dims],
    [denoisingLoss.weight]: [batch],
  };
  const cast = (name: string, values: ArrayLike<number>): Tensor => {
    const dtype: DataType = networks.inputs.get(name)?.dtype ?? "float32";
    return castTo(dtype, values, shapes[name]!);
  };
  const next = trainingBatches(examples, diffusion, request, seed, shared);
  await using trainer = await createTrainer({
    model: networks.model,
    loss: denoisingLoss.loss,
    parameters: networks.parameters,
    shapes,
    optimizer: adamW({
      weightDecay: request.weightDecay,
      rateScale: (parameter) => (parameter.endsWith(".lora_B.weight") ? request.upRateRatio : 1),
    }),
    rate: schedule(request),
    clipNorm: request.clipNorm,
    name: `LoRA of ${diffusion.model.id}`,
  });
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    signal.throwIfAborted();
    const made = next();
    const feeds = {
      sample: cast("sample", made.sample),
      timestep: cast("timestep", shared ? made.timesteps.slice(0, 1) : made.timesteps),
      [texts.name]: cast(texts.name, texts.of(made.captions)),
      [denoisingLoss.target]: float32(made.target, shapes.sample),
      [denoisingLoss.weight]: float32(made.weights, [batch]),
    };
    const { loss, rate } = await trainer.step(feeds, { signal });
    losses.push(loss);
    bar.update(step, { loss: recentMean(losses).toFixed(4) });
    await request.onStep?.({ step, steps, loss, learningRate: rate });
  }
  const parameters = await trainer.parameters();
  return { values: Object.fromEntries(Array.from(parameters, ([name, tensor]) => [name, tensor.data])), losses };
}

/** How captions go into the graph. */
interface TextInput {
  readonly name: string;
  /** Shape of one caption. */
  readonly dims: readonly number[];
  /** The numbers of a batch of captions. */
  of(captions: readonly string[]): ArrayLike<number>;
}

/** Token ids where the text encoder learns too, else states that are computed once. */
async function textInput(
  networks: AdaptedNetworks,
  diffusion: DiffusionModel,
  captions: readonly string[],
  signal: AbortSignal,
): Promise<TextInput> {
  const ids = networks.inputs.get("input_ids");
  if (ids) {
    const fixed = ids.dims?.[1];
    const tokenizer = readClipTokenizer(
      join(diffusion.model.folder, "tokenizer"),
      typeof fixed === "number" ? fixed : undefined,
    );
    return {
      name: "input_ids",
      dims: [tokenizer.length],
      of: (batch) => batch.flatMap((text) => tokenizer.encode(text)),
    };
  }
  const { states, tokens, width } = await encodeTexts(diffusion, [...captions, ""], signal);
  const size = tokens * width;
  return {
    name: "encoder_hidden_states",
    dims: [tokens, width],
    of(batch) {
      const values = new Float32Array(batch.length * size);
      for (const [i, text] of batch.entries()) values.set(states.get(text)!, i * size);
      return values;
    },
  };
}

function schedule(request: LoraRequest): Schedule {
  const { learningRate: rate, steps } = request;
  const rise = Math.min(steps, request.warmUp ?? Math.round(steps / 20));
  const rest = Math.max(1, steps - rise);
  const after = { constant: constant(rate), linear: linear(rate, rest), cosine: cosine(rate, rest) }[request.schedule];
  return rise > 0 ? warmUp(after, rise) : after;
}

/** Mean of the last losses: one step's loss says little. */
function recentMean(losses: readonly number[]): number {
  const recent = losses.slice(-20);
  return recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
}
