import { differentiate } from "../autodiff/index.ts";
import { problem } from "../errors.ts";
import {
  checkFeeds,
  cloneModel,
  type Engine,
  type EngineSession,
  fromWire,
  type Model,
  runProblem,
  sharedEngine,
  type TensorMap,
  type TrainingState,
  toWire,
} from "../onnx/index.ts";
import { Tensor } from "../tensor/index.ts";
import { adamW, type Optimizer } from "./optimizers.ts";
import { constant, type Schedule } from "./schedules.ts";
import { readStateFile, writeStateFile } from "./state-file.ts";

export interface TrainerOptions {
  /** The net with its loss in it. */
  model: Model;
  /** The output that holds the loss, one number; several are added up. */
  loss: string | readonly string[];
  /** Names of the initializers to train (float32). */
  parameters: readonly string[];
  /** Shapes of inputs that the model leaves open: the batch that every step gets. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /** Default: AdamW. */
  optimizer?: Optimizer;
  /** The learning rate. Default 1e-3. */
  rate?: number | Schedule;
  /** Largest global norm of the gradients. Default 0: no clipping. */
  clipNorm?: number;
  /** Decay of a moving average of the parameters, reached by way of (1 + step) / (10 + step). Default 0: none. */
  ema?: number;
  /** Calls of `step` whose gradients are averaged into one update. Default 1. */
  accumulate?: number;
  /** How messages name the model. */
  name?: string;
  /** Default: the shared engine. */
  engine?: Engine;
}

export interface StepOptions {
  /** Further outputs of the model wanted from this step. */
  outputs?: readonly string[];
  signal?: AbortSignal;
}

export interface StepResult {
  /** Updates made so far, this one included. */
  readonly step: number;
  /** Loss before the update. */
  readonly loss: number;
  /** Global norm of the gradients before clipping; NaN where the step only accumulated. */
  readonly gradientNorm: number;
  readonly rate: number;
  readonly outputs: TensorMap;
}

/** Which of the two sets of weights: those being trained (default) or their moving average. */
export interface WhichWeights {
  average?: boolean;
}

/** Differentiates a model, opens its training form in the engine, and keeps its parameters there. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { model, loss, parameters, shapes, name = model.graph.name, engine = sharedEngine() } = options;
  const training = await differentiate(model, { loss, parameters, shapes, name, engine });
  const session = await engine.load(training, { name });
  const optimizer = options.optimizer ?? adamW();
  const wire = parameters.map((parameter) => ({
    name: parameter,
    dims: weight(model, parameter, name).dims,
    ...optimizer(parameter),
  }));
  // Weights that began as one shared initializer must not stay one array, so each is copied.
  const values = Object.fromEntries(
    parameters.map((parameter) => [parameter, weight(model, parameter, name).data.slice()]),
  );
  const losses = typeof loss === "string" ? [loss] : loss;
  const setup = { parameters: wire, values, losses, clipNorm: options.clipNorm ?? 0, emaDecay: options.ema ?? 0 };
  try {
    await engine.request({ kind: "train-begin", session: session.handle, setup });
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return new Trainer(options, session);
}

function weight(model: Model, parameter: string, name: string): Tensor<"float32"> {
  const tensor = model.graph.initializers.get(parameter);
  if (tensor?.dtype !== "float32") throw problem.unknownParameter(name, parameter);
  return tensor as Tensor<"float32">;
}

/** A training run. Its parameters live in the engine worker until they are asked for. */
export class Trainer implements AsyncDisposable {
  readonly #options: TrainerOptions;
  readonly #session: EngineSession;
  readonly #schedule: Schedule;
  #step = 0;
  #accumulated = 0;

  constructor(options: TrainerOptions, session: EngineSession) {
    this.#options = options;
    this.#session = session;
    const rate = options.rate ?? 1e-3;
    this.#schedule = typeof rate === "number" ? constant(rate) : rate;
  }

  /** Updates made so far. */
  get steps(): number {
    return this.#step;
  }

  /**
   * One pass over a batch, and the update (unless this call only accumulates).
   * @throws AssayError `engine.input`, `engine.run`, or `training.diverged` where gradients are not finite; nothing is updated then.
   */
  async step(feeds: TensorMap, { outputs = [], signal }: StepOptions = {}): Promise<StepResult> {
    const { accumulate = 1 } = this.#options;
    this.#check(feeds);
    const apply = ++this.#accumulated >= accumulate;
    if (apply) this.#accumulated = 0;
    const rate = this.#schedule(this.#step + 1);
    const step = { feeds: toWire(feeds), outputs, rate, apply, scale: 1 / accumulate };
    const request = { kind: "train-step", session: this.#session.handle, step } as const;
    const result = await this.#guard(feeds, signal, this.#session.engine.request(request, signal));
    if (apply && !Number.isFinite(result.gradientNorm))
      throw problem.trainingDiverged(this.#session.name, this.#step + 1, result.loss);
    if (apply) this.#step++;
    return {
      step: this.#step,
      loss: result.loss,
      gradientNorm: result.gradientNorm,
      rate,
      outputs: fromWire(result.outputs),
    };
  }

  /** A forward pass without an update. Default outputs: the loss. */
  async evaluate(
    feeds: TensorMap,
    { outputs, average = false, signal }: StepOptions & WhichWeights = {},
  ): Promise<TensorMap> {
    this.#check(feeds);
    const { loss } = this.#options;
    const wanted = outputs ?? (typeof loss === "string" ? [loss] : loss);
    const request = {
      kind: "train-evaluate",
      session: this.#session.handle,
      feeds: toWire(feeds),
      outputs: wanted,
      average,
    } as const;
    return fromWire(await this.#guard(feeds, signal, this.#session.engine.request(request, signal)));
  }

  /** The parameters now. */
  async parameters({ average = false }: WhichWeights = {}): Promise<Map<string, Tensor<"float32">>> {
    const state = await this.state();
    const values = (average && state.averages) || state.values;
    const { model, parameters } = this.#options;
    return new Map(
      parameters.map((name) => [name, new Tensor("float32", model.graph.initializers.get(name)!.dims, values[name]!)]),
    );
  }

  /** The model with the parameters as they are now. The model that training began with stays unchanged. */
  async model(which: WhichWeights = {}): Promise<Model> {
    const model = cloneModel(this.#options.model);
    for (const [name, tensor] of await this.parameters(which)) model.graph.initializers.set(name, tensor);
    return model;
  }

  /** A copy of parameters, moments, averages and step. */
  state(): Promise<TrainingState> {
    return this.#session.engine.request({ kind: "train-save", session: this.#session.handle });
  }

  /** Writes the state to a file, atomically, with data of the caller's (JSON) such as the state of its random generator. */
  async saveState(path: string, extra?: unknown): Promise<void> {
    writeStateFile(path, await this.state(), extra);
  }

  /**
   * Goes on from a saved state, exactly as if the run had not stopped. Returns the caller's data.
   * @throws AssayError `training.state` for a damaged file or one of another model.
   */
  async loadState(path: string): Promise<unknown> {
    const { state, extra } = readStateFile(path);
    const { model, parameters } = this.#options;
    for (const name of parameters) {
      if (state.values[name]?.length !== model.graph.initializers.get(name)!.size) {
        throw problem.badTrainingState(path, `it does not fit the parameter ${name}`);
      }
    }
    await this.#session.engine.request({ kind: "train-restore", session: this.#session.handle, state });
    this.#step = state.step;
    this.#accumulated = 0;
    return extra;
  }

  /** Frees the training form of the model; the parameters are gone with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  #check(feeds: TensorMap): void {
    const trained = new Set(this.#options.parameters);
    checkFeeds(
      this.#session.name,
      this.#session.inputs.filter((input) => !trained.has(input.name)),
      feeds,
    );
  }

  async #guard<T>(feeds: TensorMap, signal: AbortSignal | undefined, request: Promise<T>): Promise<T> {
    try {
      return await request;
    } catch (error) {
      throw runProblem(this.#session.name, feeds, error, signal);
    }
  }
}
