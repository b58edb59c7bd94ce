import type { EventEmitter } from "node:events";
import process from "node:process";
import { setImmediate, setInterval, setTimeout } from "node:timers";
import { types } from "node:util";
import type { CellContext } from "../protocol/cell-context.ts";
import type { CellCommand, CellEnd, CellProcessSettings, CellSource, Frame, Interrupt } from "../protocol/messages.ts";
import type { Output } from "../protocol/outputs.ts";
import { bundleOf, isPending } from "../sdk/values/bundle.ts";
import { showPromise } from "../sdk/values/show.ts";
import { mendBuiltins } from "./builtins.ts";
import { captureStreams } from "./capture.ts";
import { separateConsoleGroups } from "./console-groups.ts";
import { CellRandom, seedMathRandom } from "./determinism.ts";
import {
  attributedExecution,
  CellAbort,
  currentExecution,
  type Execution,
  InterruptedError,
  within,
} from "./execution.ts";
import { writeFrame, writeText } from "./frames.ts";
import { interruptState } from "./interrupt.ts";
import type { LocalModule } from "./modules/local-modules.ts";
import { tellNames } from "./name-slot.ts";
import { Notebook } from "./notebook.ts";
import { requireRich } from "./sdk-access.ts";
import { cellTrace, errorOutput, installTraces, shortPath } from "./trace.ts";
import { exposeVariables } from "./variables.ts";
import { endWarmUp, warmUp } from "./warm-up.ts";

// Cells may replace the global.
const { Promise: NativePromise } = globalThis;

/** Milliseconds that a cell which was stopped has to come to its end by itself. */
const endPatience = 100;

type Listener = Parameters<EventEmitter["on"]>[1];
type Execute = Extract<CellCommand, { type: "execute" }>;

/** Takes commands from the session, runs cells one at a time, and sends what they put out. */
export class CellProcess {
  readonly #settings: CellProcessSettings;
  readonly #notebook: Notebook;
  readonly #questions = new Map<string, (text: string | null, reason?: string) => void>();
  #running: { execution: Execution; interrupt: (reason: InterruptedError) => void } | undefined;
  #asked = 0;
  /** The count of the execution that was begun last. */
  #begun = 0;
  /** The execution whose end was not told yet, and whether its error was. */
  #untold: { readonly execution: Execution; error: boolean } | undefined;
  readonly #listeners: readonly (readonly [string, Listener])[] = [
    ["message", (command: CellCommand) => this.#command(command)],
    ["disconnect", () => process.exit(0)],
    ["SIGINT", () => {}],
    ["uncaughtException", (error: unknown) => this.#late(error, "Uncaught")],
    ["unhandledRejection", (reason: unknown) => this.#late(reason, "Uncaught (in promise)")],
  ];
  /** Keeps the process alive, whatever cells do to the channel. */
  readonly #life = setInterval(() => {}, 2 ** 30);

  constructor(settings: CellProcessSettings) {
    this.#settings = settings;
    this.#notebook = new Notebook(settings.notebookPath);
    for (const [name, value] of Object.entries(settings.parameters)) this.#notebook.bindings.get(name).d(value);
  }

  listen(): void {
    process.chdir(this.#settings.baseFolder);
    captureStreams();
    separateConsoleGroups();
    seedMathRandom();
    installTraces(this.#settings.baseFolder);
    this.#listenToProcess();
    exposeVariables(this.#notebook.bindings);
    this.#report("ready");
  }

  /** Listens to what concerns all cells, again where a cell took the listeners away. */
  #listenToProcess(): void {
    const emitter: EventEmitter = process;
    for (const [name, listener] of this.#listeners)
      if (emitter.listenerCount(name, listener) === 0) emitter.on(name, listener);
  }

  #report(report: Extract<Frame, { report: unknown }>["report"]): void {
    writeFrame({ executionId: "", report });
  }

  #command(command: CellCommand): void {
    if (command.type === "execute") interruptState.begins(command.executionCount);
    else interruptState.goesOn();
    endWarmUp();
    if (command.type === "execute") {
      // After a stop it may come a second time.
      if (command.executionCount > this.#begun) void this.#execute(command);
    } else if (command.type === "answer") {
      this.#questions.get(command.questionId)?.(command.text, command.reason);
      this.#questions.delete(command.questionId);
    } else if (command.type === "drain") this.#drain();
    else if (command.type === "need") {
      const { cells, target } = command;
      writeFrame({ executionId: "", needed: { target, cells: this.#notebook.needed(cells, target) } });
    }
  }

  /** Reports when nothing is left that could still run: no timer, no open handle. */
  #drain(): void {
    process.channel?.unref();
    this.#life.unref();
    process.once("beforeExit", () => {
      process.channel?.ref();
      this.#life.ref();
      this.#report("drained");
    });
  }

  /** Ends a cell wherever it comes back from an `await`. */
  interrupt({ executionCount }: Interrupt): void {
    if (executionCount === this.#begun) this.#abort();
  }

  #abort(): void {
    if (!this.#running) return;
    const { execution, interrupt } = this.#running;
    const reason = new InterruptedError();
    execution.abort.abort(reason);
    interrupt(reason);
  }

  /**
   * The thread was stopped where it was. That may have been the kernel's own code, as the cell was ending: what it was about to say is said
   * then. It may also have been the arrival of a cell, which the session then sends again.
   */
  stopped(meant: Interrupt): void {
    this.interrupt(meant);
    writeFrame({ executionId: "", stopped: true });
    const untold = this.#untold;
    if (!untold || meant.executionCount !== this.#begun) return;
    const { execution } = untold;
    setTimeout(() => {
      if (this.#untold !== untold) return;
      if (!untold.error) execution.context.emit(errorOutput(new InterruptedError(), cellTrace(execution.cell)));
      this.#end(execution, "interrupted");
    }, endPatience);
  }

  #end(execution: Execution, status: CellEnd["status"]): void {
    if (this.#untold?.execution !== execution) return;
    this.#listenToProcess();
    this.#running = undefined;
    writeFrame({ executionId: execution.id, end: { status, peakMemory: peakMemory() } });
    this.#untold = undefined;
    warmUp();
  }

  async #execute(command: Execute): Promise<void> {
    const execution = this.#begin(command);
    const untold = { execution, error: false };
    // Nothing can stop the thread between these two.
    this.#begun = command.executionCount;
    this.#untold = untold;
    // No `Promise.race`, no `then`: cells may have replaced them.
    const outcome = new NativePromise<void>((resolve, reject) => {
      this.#running = { execution, interrupt: reject };
      const run = async () => {
        try {
          resolve(await this.#run(command, execution));
        } catch (error) {
          reject(error);
        }
      };
      if (interruptState.wasInterrupted(command.executionCount)) this.#abort();
      else void run();
    });
    let status: CellEnd["status"] = "ok";
    try {
      await outcome;
    } catch (error) {
      status = execution.abort.aborted ? "interrupted" : "error";
      const place = status === "error" ? this.#notebook.failedAt : undefined;
      execution.context.emit(errorOutput(error, cellTrace(command.cell), place));
      untold.error = true;
    }
    // One turn of the loop, so that rejections nobody handled are seen while the cell still counts as running.
    await new NativePromise<void>((resolve) => setImmediate(resolve));
    const mended = await mendBuiltins();
    if (mended !== "")
      execution.context.emit({
        type: "stream",
        name: "stderr",
        text: `The kernel cannot work without ${mended}: put back\n`,
      });
    this.#end(execution, status);
  }

  /** Runs the cell and shows its value. An interrupt ends it at any point without a trace, so nothing else may depend on its end. */
  #run({ cell, parameters }: Execute, execution: Execution): Promise<void> {
    return within(execution, async () => {
      // The caller must be waiting before code runs that may never return.
      await null;
      const names = this.#notebook.dependencies(cell);
      tellNames({ executionId: execution.id, names });
      const { shown, value } = await this.#notebook.run(cell, (module) => this.#usedModule(execution, module));
      if (cell.tags?.includes("parameters")) this.#setParameters(cell, parameters, execution);
      if (shown && value !== undefined) await this.#show(value, execution);
      while (execution.unsettled.size > 0) await Promise.allSettled(execution.unsettled);
    });
  }

  async #show(value: unknown, { context }: Execution): Promise<void> {
    const data = await bundleOf(value, requireRich);
    // What is awaited is a result; a promise that nobody waits for is shown again in its place when it has settled.
    if (types.isPromise(value) && isPending(value)) showPromise(value, { context, showRich: requireRich }, true);
    else context.emit({ type: "result", data });
  }

  /** What was given takes the place of the values in the cell; the record gets what holds from here on. */
  #setParameters(cell: CellSource, given: Execute["parameters"], { context }: Execution): void {
    const { bindings } = this.#notebook;
    for (const [name, value] of Object.entries(given)) bindings.get(name).d(value);
    for (const name of new Set([...this.#notebook.declares(cell), ...Object.keys(given)])) {
      const value = bindings.get(name).u;
      if (value === null || /^(number|string|boolean)$/.test(typeof value) || Array.isArray(value))
        context.record({ type: "param", name, value });
    }
  }

  #usedModule(execution: Execution, { path, sha256, bytes }: LocalModule): void {
    execution.context.record({ type: "used", what: { role: "module", name: shortPath(path), sha256, bytes } });
  }

  #begin({ executionId: id, cell, mode, seed, parameters }: Execute): Execution {
    const abort = new CellAbort();
    const random = new CellRandom(seed, cell.id, parameters);
    const unsettled = new Set<Promise<unknown>>();
    const context: CellContext = {
      mode,
      seed,
      get randomKey() {
        return random.key;
      },
      storeFolder: this.#settings.storeFolder,
      baseFolder: this.#settings.baseFolder,
      inlineLimit: this.#settings.inlineLimit,
      get signal() {
        return abort.signal;
      },
      parameters,
      emit: (output: Output) => {
        if (output.type === "stream") writeText(id, output.name, output.text);
        else writeFrame({ executionId: id, output });
      },
      record: (event) => writeFrame({ executionId: id, event }),
      ask: ({ kind, message }) => this.#ask(id, kind, message),
      settle: (work) => {
        const done = () => void unsettled.delete(work);
        unsettled.add(work);
        work.then(done, done);
      },
      networks: (open) => writeFrame({ executionId: "", networks: { open, memory: process.memoryUsage.rss() } }),
    };
    return { id, cell, context, abort, random, unsettled };
  }

  async #ask(executionId: string, kind: "input" | "confirm" | "secret", message: string): Promise<string> {
    const id = `${executionId}:${++this.#asked}`;
    return await new Promise((resolve, reject) => {
      this.#questions.set(id, (text, reason = "it was dismissed") => {
        if (text === null) reject(new Error(`The question was not answered: ${reason}`));
        else resolve(text);
      });
      writeFrame({ executionId, question: { id, kind, message } });
    });
  }

  /** An error that nobody caught, from a timer or a promise: shown in the cell that caused it, without ending the process. */
  #late(error: unknown, prefix: string): void {
    if (error instanceof InterruptedError) return;
    const execution = currentExecution() ?? this.#running?.execution ?? attributedExecution();
    const { traceback } = errorOutput(error, execution ? cellTrace(execution.cell) : undefined);
    const text = `${prefix} ${traceback.join("\n").replace(/^Uncaught /, "")}\n`;
    execution?.context.emit({ type: "stream", name: "stderr", text });
    if (execution) writeFrame({ executionId: execution.id, uncaught: true });
  }
}

/** In bytes. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}
