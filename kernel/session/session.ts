import { dirname, resolve } from "node:path";
import type { RecordEvent } from "../protocol/cell-context.ts";
import type { ComplianceMode } from "../protocol/compliance.ts";
import type {
  CellEnd,
  CellSource,
  ExecutionReply,
  ExecutionStatus,
  Frame,
  NotebookInfo,
  SessionEvent,
  SessionState,
} from "../protocol/messages.ts";
import type { Output } from "../protocol/outputs.ts";
import type { AssayError } from "../protocol/problem.ts";
import { openArtifacts } from "../store/artifacts.ts";
import { openForReading, type RecordDatabase } from "../store/database.ts";
import { uuidv7 } from "../store/ids.ts";
import { findStore } from "../store/location.ts";
import { CellProcess, type ProcessEnd } from "./cell-process.ts";
import { ComplianceWatch } from "./compliance-watch.ts";
import { LatestEntries } from "./latest-entries.ts";
import { kernelProblem, recordTrouble } from "./problems.ts";
import { describeEnd } from "./process-end.ts";
import type { OpenRecorder, Recorder } from "./record-writing.ts";
import { openRecorder } from "./recorder.ts";
import { Staleness } from "./staleness.ts";
import { Variables } from "./variables.ts";

/** How a session is made. */
export interface SessionOptions {
  readonly notebook: NotebookInfo;
  readonly onEvent?: (event: SessionEvent) => void;
  /** Root of the workspace that the editor has open. */
  readonly workspace?: string;
  /** A store that is asked, after the session's own, where content comes from. */
  readonly origins?: string;
  /** Opens the records; the store's own unless a test passes another. */
  readonly openRecorder?: OpenRecorder;
}

/** Mode and seed that hold for one execution instead of the notebook's. */
export interface ExecutionSettings {
  readonly mode?: ComplianceMode;
  readonly seed?: number;
  /** True when nobody asked for it but a `stale` event. */
  readonly automatic?: boolean;
}

interface Queued {
  readonly cell: CellSource;
  readonly settings: ExecutionSettings;
  readonly resolve: (reply: ExecutionReply) => void;
  readonly reject: (reason: unknown) => void;
}

interface Running {
  readonly id: string;
  readonly cell: CellSource;
  readonly executionCount: number;
  readonly started: number;
  readonly resolve: (reply: ExecutionReply) => void;
  readonly reject: (reason: unknown) => void;
  /** How it ended, once the last frame has come. */
  end?: CellEnd;
  /** True once it was asked to stop. */
  interrupted?: boolean;
  readonly whenSettled: (() => void)[];
}

/**
 * One notebook with its cell process, queue and records. Cells run one after another; a cell process that dies takes down only
 * the cell that ran, and is replaced.
 */
export class Session implements AsyncDisposable {
  readonly id = uuidv7();
  readonly storeFolder: string;
  /** The variables of the cells, readable while one runs. */
  readonly variables: Variables;
  /** Which cells have to run again. */
  readonly staleness: Staleness;
  readonly #notebook: NotebookInfo;
  readonly #onEvent: (event: SessionEvent) => void;
  readonly #openRecorder: OpenRecorder;
  readonly #compliance: ComplianceWatch;
  readonly #origins: RecordDatabase | undefined;
  #recorder: Recorder | undefined;
  #process: CellProcess | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #queue: Queued[] = [];
  #running: Running | undefined;
  #working = false;
  #epoch = 0;
  #executionCount = 0;
  #drained: (() => void)[] = [];
  readonly #needed = new Map<string, (cells: readonly string[]) => void>();
  /** Cells by the latest executions of the living process, for what comes late. Those of older ones are asked of the records. */
  readonly #cells = new LatestEntries<string>(200);
  #latest: string | undefined;
  #uncaught = 0;
  #state: SessionState = "starting";

  constructor(options: SessionOptions) {
    this.#notebook = { ...options.notebook, path: resolve(options.notebook.path) };
    this.#onEvent = options.onEvent ?? (() => {});
    this.#openRecorder = options.openRecorder ?? openRecorder;
    this.variables = new Variables(
      (question) => this.#process?.ask(question),
      (version) => this.#onEvent({ type: "variables", version }),
    );
    this.staleness = new Staleness({
      mode: this.#notebook.staleness,
      folder: dirname(this.#notebook.path),
      emit: this.#onEvent,
    });
    this.#origins = options.origins === undefined ? undefined : openForReading(options.origins);
    this.#compliance = new ComplianceWatch({
      read: (work) =>
        this.#recorder?.reading?.((own) =>
          work([own, ...(this.#origins ? [this.#origins] : [])], openArtifacts(this.storeFolder)),
        ),
      emit: (executionId, output, late) => this.#output(executionId, output, late),
    });
    this.storeFolder = findStore({
      from: dirname(this.#notebook.path),
      chosen: this.#notebook.store,
      workspace: options.workspace,
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Process id of the cell process. */
  get cellProcessId(): number | undefined {
    return this.#process?.pid;
  }

  /** How many errors nobody caught came from timers and promises so far. */
  get uncaughtErrors(): number {
    return this.#uncaught;
  }

  /** Starts the cell process and opens the store. Throws an `AssayError` when either cannot be done. */
  async start(): Promise<void> {
    this.#spawn();
    try {
      this.#recorder = this.#openRecorder({
        storeFolder: this.storeFolder,
        notebook: { id: this.#notebook.id, path: this.#notebook.path },
        sessionId: this.id,
        onTrouble: (problem) => this.#recordTrouble(problem),
      });
      await this.#ready.promise;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Runs a cell after those that are waiting. The reply comes when all its output has been delivered. */
  execute(cell: CellSource, settings: ExecutionSettings = {}): Promise<ExecutionReply> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ cell, settings, resolve, reject });
      void this.#work();
    });
  }

  /**
   * Stops the running cell, and takes back those that wait. Resolves to false when the cell does not end within `patience` ms (a
   * quarter of it when this cell was interrupted before): then it is inside native code, and only a restart ends it.
   */
  async interrupt(patience = 2000): Promise<boolean> {
    this.#abortQueue();
    const running = this.#running;
    this.#process?.interrupt();
    if (!running) return true;
    const wait = running.interrupted ? patience / 4 : patience;
    running.interrupted = true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), wait);
    running.whenSettled.push(() => resolve(true));
    const settled = await promise;
    clearTimeout(timer);
    return settled;
  }

  /** A new cell process: all variables are gone. */
  async restart(): Promise<void> {
    this.#abortQueue();
    this.#setState("restarting");
    const old = this.#process;
    this.#process = undefined;
    this.#ready = Promise.withResolvers();
    this.#spawn();
    if (this.#running) this.#settle(this.#running, "interrupted", "the kernel was restarted");
    await Promise.all([old?.stop(), this.#ready.promise]);
  }

  /** Lets the cells wait when the front end does not keep up; they go on where they are when it is over. */
  hold(waiting: boolean): void {
    this.#process?.hold(waiting);
  }

  /** The answer to a question that a cell asked; `null`, and if known a clause that says why, when there is none. */
  answer(questionId: string, text: string | null, reason?: string): void {
    this.#process?.send({ type: "answer", questionId, text, ...(reason === undefined ? {} : { reason }) });
  }

  /**
   * The cells that must run so that one can, in the order of the notebook and with that one last: found from their text, as if nothing had
   * run yet.
   *
   * @param cells the code cells in the order of the notebook
   */
  async needed(cells: readonly CellSource[], target: string): Promise<readonly string[]> {
    await this.#ready.promise;
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    this.#needed.set(target, resolve);
    this.#process?.send({ type: "need", cells, target });
    return promise;
  }

  /** Waits until nothing that cells left behind can still run. Resolves to false after `timeout` ms. */
  async drained(timeout: number): Promise<boolean> {
    if (!this.#process) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#drained.push(() => resolve(true));
    this.#process.send({ type: "drain" });
    const timer = setTimeout(() => resolve(false), timeout);
    const done = await promise;
    clearTimeout(timer);
    return done;
  }

  /** Ends the cell process and closes the records. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#setState("closed");
    this.staleness[Symbol.dispose]();
    this.#abortQueue();
    const old = this.#process;
    this.#process = undefined;
    if (this.#running) this.#settle(this.#running, "interrupted", "the session was closed");
    await Promise.all([old?.stop(), this.#recorder?.close()]);
    this.#origins?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #setState(state: SessionState, detail?: string): void {
    if (this.#state === state || (this.#state === "closed" && state !== "closed")) return;
    this.#state = state;
    this.#onEvent({ type: "state", state, ...(detail === undefined ? {} : { detail }) });
  }

  #spawn(): void {
    this.#epoch++;
    this.#executionCount = 0;
    this.#cells.clear();
    this.#latest = undefined;
    this.staleness.reset();
    const made: CellProcess = new CellProcess(
      {
        notebookPath: this.#notebook.path,
        baseFolder: dirname(this.#notebook.path),
        storeFolder: this.storeFolder,
        inlineLimit: this.#notebook.inlineLimit ?? 65_536,
        parameters: this.#notebook.parameters ?? {},
      },
      {
        onFrame: (frame) => made === this.#process && this.#frame(frame),
        onNative: (name, text) => made === this.#process && this.#native(name, text),
        onExit: (end) => made === this.#process && this.#crashed(end),
      },
    );
    this.#process = made;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#run(next);
    } finally {
      this.#working = false;
    }
    if (this.#state === "busy") this.#setState("idle");
  }

  async #run({ cell, settings, resolve, reject }: Queued): Promise<void> {
    try {
      await this.#ready.promise;
      if (!this.#recorder || this.#state === "closed") return resolve(aborted(""));
      const mode = settings.mode ?? this.#notebook.mode;
      const seed = settings.seed ?? this.#notebook.seed;
      const parameters = this.#notebook.parameters ?? {};
      const executionCount = ++this.#executionCount;
      const id = this.#recorder.begin({ cell, epoch: this.#epoch, executionCount, seed, mode, parameters });
      const { promise, resolve: settled, reject: failed } = Promise.withResolvers<ExecutionReply>();
      this.#running = {
        id,
        cell,
        executionCount,
        started: performance.now(),
        whenSettled: [],
        resolve: settled,
        reject: failed,
      };
      this.#process?.send({ type: "execute", executionId: id, cell, mode, seed, parameters });
      this.#cells.set(id, cell.id);
      this.#latest = id;
      this.#compliance.begin(id, mode);
      this.staleness.begin(id, cell, settings.automatic === true);
      this.#setState("busy");
      this.#onEvent({ type: "started", cellId: cell.id, executionId: id, executionCount });
      resolve(await promise);
    } catch (error) {
      reject(error);
    }
  }

  #report(report: "ready" | "drained"): void {
    if (report === "ready") {
      this.#setState("idle");
      this.variables.clear();
      this.#ready.resolve();
    } else for (const done of this.#drained.splice(0)) done();
  }

  #frame(frame: Frame): void {
    const { executionId } = frame;
    if ("output" in frame) return this.#output(executionId, frame.output);
    if ("event" in frame) return this.#recordEvent(executionId, frame.event);
    if ("names" in frame) {
      const { reads, writes, opaque } = frame.names;
      this.staleness.names(executionId, frame.names);
      const order = this.staleness.order(executionId);
      return this.#recorder?.names(executionId, opaque ? undefined : { reads, writes }, order);
    }
    if ("uncaught" in frame) {
      this.#uncaught++;
      return;
    }
    if ("question" in frame) {
      const { id: questionId, kind, message } = frame.question;
      const cellId = this.#cellOf(executionId) ?? "";
      return this.#onEvent({ type: "ask", questionId, cellId, executionId, kind, message });
    }
    if ("report" in frame) return this.#report(frame.report);
    if ("needed" in frame) {
      this.#needed.get(frame.needed.target)?.(frame.needed.cells);
      this.#needed.delete(frame.needed.target);
      return;
    }
    if ("networks" in frame) return this.#onEvent({ type: "models", ...frame.networks });
    if ("end" in frame && this.#running?.id === executionId) void this.#complete(this.#running, frame.end);
  }

  #recordEvent(executionId: string, event: RecordEvent): void {
    this.#recorder?.event(executionId, event);
    this.#compliance.event(executionId, event);
    if (event.type === "used" && event.what.role === "module")
      this.staleness.usedModule(executionId, event.what.name, event.what.sha256);
  }

  #output(executionId: string, output: Output, late = this.#isLate(executionId)): void {
    this.#recorder?.output(executionId, output, late);
    const cellId = this.#cellOf(executionId);
    if (cellId === undefined) return;
    this.#onEvent({ type: "output", cellId, executionId, output, ...(late ? { late } : {}) });
  }

  /** Cells go on without the store; whoever sees their outputs is told. */
  #recordTrouble(problem: AssayError | undefined): void {
    const executionId = this.#running?.id ?? this.#latest;
    const cellId = executionId === undefined ? undefined : this.#cellOf(executionId);
    if (executionId === undefined || cellId === undefined) return;
    const text = recordTrouble(problem);
    this.#onEvent({
      type: "output",
      cellId,
      executionId,
      output: { type: "stream", name: "stderr", text },
      late: true,
    });
  }

  #cellOf(executionId: string): string | undefined {
    const known = this.#cells.get(executionId) ?? this.#recorder?.cellOf(executionId);
    if (known !== undefined) this.#cells.set(executionId, known);
    return known;
  }

  #native(name: "stdout" | "stderr", text: string): void {
    const id = this.#running?.id ?? this.#latest;
    if (id) this.#output(id, { type: "stream", name, text }, this.#running?.id !== id);
  }

  #isLate(executionId: string): boolean {
    return this.#running?.id !== executionId || this.#running.end !== undefined;
  }

  async #complete(running: Running, end: CellEnd): Promise<void> {
    if (running.end) return;
    running.end = end;
    await this.#process?.nativeDelivered();
    if (this.#running === running) this.#settle(running, end.status, undefined, end.peakMemory);
  }

  #settle(running: Running, status: ExecutionStatus, detail?: string, peakMemory?: number): void {
    this.#running = undefined;
    for (const told of running.whenSettled) told();
    this.variables.touch();
    try {
      const violation = this.#compliance.end(running.id);
      const contentId = this.#recorder?.seal(running.id, {
        status,
        ...(violation === undefined ? {} : { violation }),
        ...(detail === undefined ? {} : { detail }),
        ...(peakMemory === undefined ? {} : { peakMemory }),
      });
      this.staleness.end(running.id, status);
      running.resolve({
        executionId: running.id,
        executionCount: running.executionCount,
        status,
        ...(contentId ? { contentId } : {}),
        ...(violation === undefined ? {} : { violation }),
        duration: performance.now() - running.started,
      });
    } catch (error) {
      running.reject(error);
    }
  }

  #crashed(end: ProcessEnd): void {
    const how = describeEnd(end);
    const wasStarting = this.#state === "starting" || this.#state === "restarting";
    this.#process = undefined;
    if (wasStarting) return this.#ready.reject(kernelProblem.cellProcess(how));
    const running = this.#running;
    if (running) {
      const evalue = `The cell process ended: ${how}. All variables are lost; a new process was started`;
      this.#output(running.id, { type: "error", ename: "KernelCrash", evalue, traceback: [`KernelCrash: ${evalue}`] });
    }
    this.#abortQueue();
    for (const done of this.#drained.splice(0)) done();
    this.#setState("crashed", how);
    this.#ready = Promise.withResolvers();
    this.#ready.promise.catch(() => {});
    this.#spawn();
    this.#state = "starting";
    if (running) this.#settle(running, "crashed", how);
  }

  #abortQueue(): void {
    for (const { resolve } of this.#queue.splice(0)) resolve(aborted(""));
  }
}

function aborted(executionId: string): ExecutionReply {
  return { executionId, executionCount: 0, status: "aborted", duration: 0 };
}
