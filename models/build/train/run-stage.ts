import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Model, TensorMap } from "../../../kernel/sdk/onnx/index.ts";
import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { adamW, createTrainer, type Schedule } from "../../../kernel/sdk/training/index.ts";
import { readStateFile } from "../../../kernel/sdk/training/state-file.ts";
import type { Weights } from "../nets/net.ts";
import type { ProgressLine } from "../progress.ts";

/** One training run, resumable. */
export interface Stage {
  /** Names the checkpoint. */
  readonly name: string;
  /** The forward graph with its scalar output `loss`. */
  readonly model: Model;
  readonly steps: number;
  readonly rate: Schedule;
  /** The inputs of one step; the same step gives the same inputs. */
  batch(step: number): TensorMap;
  /** Decay of the moving average of the weights; 0 (default) keeps none. */
  readonly averageDecay?: number;
  readonly weightDecay?: number;
  /** Called every `every` steps with the weights so far (averages where there are any). */
  readonly inspect?: { readonly every: number; run(step: number, weights: Weights): Promise<void> };
}

/** What a stage runs with. */
export interface Workshop {
  readonly engine: Engine;
  /** Where checkpoints and cached data lie. */
  readonly folder: string;
  readonly progress: ProgressLine;
}

/** Steps over which the learning rate rises. */
export const WARM_UP = 100;

const CHECKPOINT_SECONDS = 60;

/** Trains a stage from its last checkpoint on, and gives the final weights (averages where there are any). */
export async function runStage(stage: Stage, { engine, folder, progress }: Workshop): Promise<Weights> {
  const path = join(folder, `${stage.name}.state`);
  const shapes = trainable(stage.model);
  const average = (stage.averageDecay ?? 0) > 0;
  if (existsSync(path)) {
    const { state } = readStateFile(path);
    if (state.step >= stage.steps) return weightsOf((average && state.averages) || state.values, shapes);
  }
  await using trainer = await createTrainer({
    model: stage.model,
    engine,
    loss: "loss",
    parameters: [...shapes.keys()],
    optimizer: adamW({ beta2: 0.99, weightDecay: stage.weightDecay ?? 0.01 }),
    rate: stage.rate,
    clipNorm: 1,
    ema: stage.averageDecay ?? 0,
    name: stage.name,
  });
  if (existsSync(path)) await trainer.loadState(path);
  const startedAt = trainer.steps;
  const started = performance.now();
  let lastSave = started;
  let smoothLoss = Number.NaN;
  let feeds = stage.batch(startedAt);
  for (let step = startedAt; step < stage.steps; step++) {
    const running = trainer.step(feeds);
    if (step + 1 < stage.steps) feeds = stage.batch(step + 1);
    const { loss } = await running;
    smoothLoss = Number.isNaN(smoothLoss) ? loss : smoothLoss + 0.03 * (loss - smoothLoss);
    const done = step + 1;
    progress({ stage: stage.name, step: done, steps: stage.steps, started, startedAt, figures: { loss: smoothLoss } });
    if (performance.now() - lastSave > CHECKPOINT_SECONDS * 1000 || done === stage.steps) {
      await trainer.saveState(path);
      lastSave = performance.now();
    }
    if (stage.inspect && done % stage.inspect.every === 0) {
      await stage.inspect.run(done, await trainer.parameters({ average }));
    }
  }
  return trainer.parameters({ average });
}

/** The weights of a stage at its last checkpoint, finished or not; undefined before the first. */
export function latestWeights({ name, model }: { name: string; model: Model }, folder: string): Weights | undefined {
  const path = join(folder, `${name}.state`);
  if (!existsSync(path)) return undefined;
  const { state } = readStateFile(path);
  return weightsOf(state.averages ?? state.values, trainable(model));
}

/** Shapes of a graph's weights by name: its initializers but the builder's nameless constants. */
function trainable(model: Model): Map<string, readonly number[]> {
  const weights = Array.from(model.graph.initializers).filter(([name]) => !name.startsWith("onnx::"));
  return new Map(weights.map(([name, tensor]) => [name, tensor.dims]));
}

function weightsOf(values: Record<string, Float32Array>, shapes: ReadonlyMap<string, readonly number[]>): Weights {
  return new Map(Object.entries(values).map(([name, data]) => [name, new Tensor("float32", shapes.get(name)!, data)]));
}

/** The weights under one module path, without it: `unet.conv_in.weight` → `conv_in.weight`. */
export function under(weights: Weights, path: string): Weights {
  const prefix = `${path}.`;
  return new Map(
    Array.from(weights)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
