import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { entryPoint } from "../../protocol/entry-points.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { checkFeeds, fromWire, reason, runProblem, type TensorMap, toWire } from "./engine-feeds.ts";
import type { EngineAnswers, EngineReply, EngineRequest, EngineSessionOptions, WireValue } from "./engine-protocol.ts";
import type { Model } from "./graph.ts";
import { splitModel } from "./write-model.ts";

export interface EngineOptions {
  /** Threads of one operator. Default: the cores that this process may use. */
  threads?: number;
}

export interface LoadOptions extends EngineSessionOptions {
  /** How messages name the model. Default: its path. */
  name?: string;
}

export interface RunOptions {
  /** The outputs wanted. Default: all. */
  outputs?: readonly string[];
  /**
   * Settles the call at once when aborted, as an interrupt of the cell does anyway; a run that has begun ends in the background, one
   * that has not never starts.
   */
  signal?: AbortSignal;
}

/** Milliseconds that an exiting process waits for a run in progress. */
const longestExitWait = 30_000;

/** What a cell still asks for in its `finally` after an interrupt. */
const outlivesInterrupt: ReadonlySet<EngineRequest["kind"]> = new Set(["release", "train-save"]);

interface Pending {
  readonly request: EngineRequest;
  /** True once nobody waits for the answer. */
  abandoned: boolean;
  readonly resolve: (answer: EngineAnswers[keyof EngineAnswers]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * ONNX Runtime in a worker thread of its own, so that the caller's event loop stays free. Requests run one after the other. The
 * worker starts with the first request and does not keep the process alive.
 */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #queue: Pending[] = [];
  #current: (Pending & { readonly id: number }) | undefined;
  #worker: Worker | undefined;
  /** Shared with the worker: 1 while it is at work. */
  readonly #busy = new Int32Array(new SharedArrayBuffer(4));
  #sent = 0;
  #handles = 0;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
  }

  /**
   * Opens a model: a path, the bytes of a file, or a model in memory.
   * @throws AssayError `engine.load` with ONNX Runtime's own reason.
   */
  async load(model: string | Uint8Array | Model, options: LoadOptions = {}): Promise<EngineSession> {
    const { name = typeof model === "string" ? model : "the model", ...settings } = options;
    const inMemory = typeof model !== "string" && !(model instanceof Uint8Array);
    const { bytes: source, externalData } = inMemory ? splitModel(model) : { bytes: model, externalData: [] };
    const session = ++this.#handles;
    const threads = settings.threads ?? this.#options.threads;
    const { signal } = cellContext();
    try {
      const { inputs, outputs } = await this.request({
        kind: "load",
        session,
        model: source,
        externalData,
        options: { ...settings, ...(threads && { threads }) },
      });
      return new EngineSession(this, session, name, inputs, outputs);
    } catch (error) {
      signal.throwIfAborted();
      throw problem.engineLoad(name, reason(error), error);
    }
  }

  /**
   * Sends one request to the worker, after those before it. For sessions and trainers; rejects with a plain Error, or with the reason of
   * `signal` or of the cell's interrupt. What cleans up after an interrupt is not stopped by it.
   */
  request<R extends EngineRequest>(request: R, signal?: AbortSignal): Promise<EngineAnswers[R["kind"]]> {
    const signals = [
      ...(signal ? [signal] : []),
      ...(outlivesInterrupt.has(request.kind) ? [] : [cellContext().signal]),
    ];
    return new Promise((resolve, reject) => {
      for (const one of signals) one.throwIfAborted();
      const settled = () => {
        for (const one of signals) one.removeEventListener("abort", abort);
      };
      const pending: Pending = {
        request,
        abandoned: false,
        resolve: (answer) => {
          settled();
          resolve(answer as EngineAnswers[R["kind"]]);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      const abort = ({ target }: Event) => {
        const waiting = this.#queue.indexOf(pending);
        if (waiting >= 0) this.#queue.splice(waiting, 1);
        pending.abandoned = true;
        pending.reject((target as AbortSignal).reason);
      };
      for (const one of signals) one.addEventListener("abort", abort, { once: true });
      this.#queue.push(pending);
      this.#next();
    });
  }

  /** Ends the worker and frees every model. What waits is rejected at once; a run in progress ends first. */
  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const running = this.#current !== undefined;
    this.#fail(new Error("the engine was closed"));
    if (!worker) return;
    worker.removeAllListeners("message");
    if (running) await Promise.race([once(worker, "message"), once(worker, "exit")]);
    process.off("exit", this.#waitForRun);
    await worker.terminate();
  }

  /** ONNX Runtime aborts the process when its thread is ended inside a run, so an exit waits for the end of the run. */
  readonly #waitForRun = (): void => {
    Atomics.wait(this.#busy, 0, 1, longestExitWait);
  };

  #next(): void {
    if (this.#current || this.#queue.length === 0) return;
    const worker = this.#start();
    const pending = this.#queue.shift()!;
    const id = ++this.#sent;
    this.#current = Object.assign(pending, { id });
    worker.ref();
    worker.postMessage({ id, request: pending.request });
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(entryPoint("engine-worker"), { execArgv: [], workerData: this.#busy });
    process.on("exit", this.#waitForRun);
    worker.on("message", (message: EngineReply) => this.#settle(message));
    worker.on("error", (error) => this.#lost(worker, error));
    worker.on("exit", () => this.#lost(worker, new Error("the engine's thread ended")));
    this.#worker = worker;
    return worker;
  }

  #settle(message: EngineReply): void {
    const pending = this.#current;
    if (pending?.id !== message.id) return;
    this.#current = undefined;
    this.#worker?.unref();
    // A model that was opened for a cell which was interrupted meanwhile has nobody who would close it.
    const { request, abandoned } = pending;
    if (abandoned && request.kind === "load" && message.ok)
      void this.request({ kind: "release", session: request.session }).catch(() => {});
    if (message.ok) pending.resolve(message.answer);
    else pending.reject(new Error(message.message));
    this.#next();
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    process.off("exit", this.#waitForRun);
    Atomics.store(this.#busy, 0, 0);
    this.#fail(error);
  }

  #fail(error: Error): void {
    const waiting = [...(this.#current ? [this.#current] : []), ...this.#queue.splice(0)];
    this.#current = undefined;
    for (const pending of waiting) pending.reject(error);
  }
}

/** A model that is open in an {@link Engine}. */
export class EngineSession implements AsyncDisposable {
  readonly inputs: readonly WireValue[];
  readonly outputs: readonly WireValue[];
  /** How messages name the model. */
  readonly name: string;
  readonly engine: Engine;
  /** The worker's number for this session. */
  readonly handle: number;

  constructor(
    engine: Engine,
    handle: number,
    name: string,
    inputs: readonly WireValue[],
    outputs: readonly WireValue[],
  ) {
    this.engine = engine;
    this.handle = handle;
    this.name = name;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * Runs the model.
   * @throws AssayError `engine.input` for a missing, unknown or ill-shaped input; `engine.run` with ONNX Runtime's reason.
   */
  async run(feeds: TensorMap, { outputs, signal }: RunOptions = {}): Promise<TensorMap> {
    checkFeeds(this.name, this.inputs, feeds);
    try {
      const request = { kind: "run", session: this.handle, feeds: toWire(feeds), outputs } as const;
      return fromWire(await this.engine.request(request, signal));
    } catch (error) {
      throw runProblem(this.name, feeds, error, signal);
    }
  }

  /** Frees the model. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.request({ kind: "release", session: this.handle });
  }
}

let shared: Engine | undefined;

/** The engine that everything in this process shares unless it is given another. */
export function sharedEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
