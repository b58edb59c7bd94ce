import { join } from "node:path";
import type { Engine, Model, TensorMap, TrainingState } from "../../../kernel/sdk/onnx/index.ts";
import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { createTrainer } from "../../../kernel/sdk/training/index.ts";
import type { Weights } from "../nets/net.ts";
import type { ProgressLine } from "../progress.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";

/** One training run, resumable. */
export interface Stage {
  /** Names the checkpoint. */
  readonly name: string;
  /** The forward graph with its scalar output `loss`. */
  readonly model: Model;
  readonly steps: number;
  rate(step: number): number;
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

const CHECKPOINT_SECONDS = 60;

/** Trains a stage from its last checkpoint on, and gives the final weights (averages where there are any). */
export async function runStage(stage: Stage, { engine, folder, progress }: Workshop): Promise<Weights> {
  const path = join(folder, `${stage.name}.checkpoint`);
  const shapes = new Map(Array.from(stage.model.graph.initializers, ([name, tensor]) => [name, tensor.dims]));
  const saved = readCheckpoint(path);
  if (saved && saved.step >= stage.steps) return weightsOf(saved, shapes);

  await using trainer = await createTrainer(stage.model, {
    engine,
    optimizer: { kind: "adamw", beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: stage.weightDecay ?? 0.01 },
    clipNorm: 1,
    emaDecay: stage.averageDecay ?? 0,
  });
  if (saved) await trainer.restore(saved);
  const startedAt = saved?.step ?? 0;
  const started = performance.now();
  let lastSave = started;
  let smoothLoss = Number.NaN;
  let feeds = stage.batch(startedAt);
  for (let step = startedAt; step < stage.steps; step++) {
    const running = trainer.step(feeds, { rate: stage.rate(step) });
    if (step + 1 < stage.steps) feeds = stage.batch(step + 1);
    const { loss } = await running;
    smoothLoss = Number.isNaN(smoothLoss) ? loss : smoothLoss + 0.03 * (loss - smoothLoss);
    progress({
      stage: stage.name,
      step: step + 1,
      steps: stage.steps,
      started,
      startedAt,
      figures: { loss: smoothLoss },
    });
    const done = step + 1;
    if (performance.now() - lastSave > CHECKPOINT_SECONDS * 1000 || done === stage.steps) {
      writeCheckpoint(path, await trainer.save());
      lastSave = performance.now();
    }
    if (stage.inspect && done % stage.inspect.every === 0) {
      await stage.inspect.run(done, weightsOf(await trainer.save(), shapes));
    }
  }
  return weightsOf(await trainer.save(), shapes);
}

function weightsOf(state: TrainingState, shapes: ReadonlyMap<string, readonly number[]>): Weights {
  const values = state.averages ?? state.values;
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
