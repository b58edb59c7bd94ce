import { dirname, resolve } from "node:path";
import type { RecordEvent } from "../protocol/cell-context.ts";
import type {
  CellEnd,
  CellSource,
  ExecutionReply,
  ExecutionStatus,
  Frame,
  NamesOfCell,
  NotebookInfo,
  SessionEvent,
  SessionState,
} from "../protocol/messages.ts";
import type { Output } from "../protocol/outputs.ts";
import { openArtifacts } from "../store/artifacts.ts";
import { openForReading, type RecordDatabase } from "../store/database.ts";
import { uuidv7 } from "../store/ids.ts";
import { findStore } from "../store/location.ts";
import { CellProcess, type ProcessEnd } from "./cell-process.ts";
import { ComplianceWatch } from "./compliance-watch.ts";
import { LatestEntries } from "./latest-entries.ts";
import { OpenBars } from "./open-bars.ts";
import { kernelProblem } from "./problems.ts";
import { describeEnd } from "./process-end.ts";
import type { OpenRecorder, Recorder } from "./record-writing.ts";
import { openRecorder } from "./recorder.ts";
import { type ExecutionSettings, type RunEnd, type Running, RunQueue, type Sealed } from "./run-queue.ts";
import type { SessionOptions } from "./session-options.ts";
import { Staleness } from "./staleness.ts";
import { Variables } from "./variables.ts";

export type { ExecutionSettings } from "./run-queue.ts";
export type { SessionOptions } from "./session-options.ts";

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
  readonly #onEnded: (executionId: string, status: ExecutionStatus) => void;
  readonly #recordDelay: number;
  readonly #openRecorder: OpenRecorder;
  readonly #compliance: ComplianceWatch;
  /** Progress bars of the running cell. */
  #bars = new OpenBars();
  readonly #origins: RecordDatabase | undefined;
  #recorder: Recorder | undefined;
  #process: CellProcess | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #queue: RunQueue;
  /** What the user is to be told at the next opportunity. */
  #notices: string[] = [];
  readonly #storeRequired: boolean;
  #epoch = 0;
  #executionCount = 0;
  #drained: (() => void)[] = [];
  readonly #needed = new Map<string, (cells: readonly string[]) => void>();
  /** Cells by the latest executions of the living process, for what comes late. Those of older ones are asked of the records. */
  readonly #cells = new LatestEntries<string>(200);
  #latest: string | undefined;
  /** The execution whose names were not looked at yet. */
  #unnamed: string | undefined;
  #uncaught = 0;
  #state: SessionState = "starting";

  constructor(options: SessionOptions) {
    this.#notebook = { ...options.notebook, path: resolve(options.notebook.path) };
    this.#onEvent = options.onEvent ?? (() => {});
    this.#onEnded = options.onEnded ?? (() => {});
    this.#recordDelay = options.recordDelay ?? 0;
    this.#openRecorder = options.openRecorder ?? openRecorder;
    this.#storeRequired = options.storeRequired ?? false;
    this.#queue = new RunQueue({
      ready: () => this.#ready.promise,
      begin: (cell, settings) => this.#begin(cell, settings),
      begun: (running, settings) => this.#begun(running, settings),
      ended: (running, end) => this.#ended(running, end),
      sealDelay: this.#recordDelay,
      onIdle: () => this.#state === "busy" && this.#setState("idle"),
    });
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
      workspace: this.#notebook.workspace,
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
        required: this.#storeRequired,
        delay: this.#recordDelay,
        tell: (text) => this.#tell(text),
      });
      await this.#ready.promise;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Runs a cell after those that are waiting. The reply comes when all its output has been delivered. */
  execute(cell: CellSource, settings: ExecutionSettings = {}): Promise<ExecutionReply> {
    return this.#queue.execute(cell, settings);
  }

  /**
   * Stops the running cell, and takes back those that wait. Resolves to false when the cell does not end within `patience` ms (a
   * quarter of it when this cell was interrupted before): then it is inside native code, and only a restart ends it.
   */
  async interrupt(patience = 2000): Promise<boolean> {
    this.#queue.abort();
    this.#process?.interrupt();
    return this.#queue.stopped(patience);
  }

  /** A new cell process: all variables are gone. */
  async restart(): Promise<void> {
    this.#queue.abort();
    this.#learnNames();
    this.#setState("restarting");
    const old = this.#process;
    this.#process = undefined;
    this.#spawn();
    this.#queue.settle({ status: "interrupted", detail: "the kernel was restarted" });
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
    return promise.finally(() => clearTimeout(timer));
  }

  /** Ends the cell process and closes the records. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#setState("closed");
    this.staleness[Symbol.dispose]();
    this.#queue.abort();
    this.#learnNames();
    const old = this.#process;
    this.#process = undefined;
    this.#queue.settle({ status: "interrupted", detail: "the session was closed" });
    this.#queue.sealAll();
    this.#ready.resolve();
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
    // Who waits for the process that is replaced waits for this one.
    const replaced = this.#ready;
    this.#ready = Promise.withResolvers();
    this.#ready.promise.catch(() => {});
    replaced.resolve(this.#ready.promise);
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

  #begin(cell: CellSource, settings: ExecutionSettings): Pick<Running, "id" | "executionCount"> | undefined {
    if (!this.#recorder || this.#state === "closed") return undefined;
    const executionCount = ++this.#executionCount;
    const { mode, seed, parameters } = this.#settingsOf(settings);
    const id = this.#recorder.begin({ cell, epoch: this.#epoch, executionCount, seed, mode, parameters });
    return { id, executionCount };
  }

  #begun({ id, cell, executionCount }: Running, settings: ExecutionSettings): void {
    this.#learnNames();
    this.#process?.send({ type: "execute", executionId: id, executionCount, cell, ...this.#settingsOf(settings) });
    this.#cells.set(id, cell.id);
    this.#latest = id;
    this.#unnamed = id;
    this.#bars = new OpenBars();
    this.#compliance.begin(id, this.#settingsOf(settings).mode);
    this.staleness.begin(id, cell, settings.automatic === true);
    this.#setState("busy");
    this.#onEvent({ type: "started", cellId: cell.id, executionId: id, executionCount });
    for (const text of this.#notices.splice(0)) this.#tell(text);
  }

  #settingsOf({ mode, seed }: ExecutionSettings): Required<Pick<NotebookInfo, "mode" | "seed" | "parameters">> {
    const { parameters = {} } = this.#notebook;
    return { mode: mode ?? this.#notebook.mode, seed: seed ?? this.#notebook.seed, parameters };
  }

  /** Says something in the cell that runs, that ran last, or that will run first. It is no output of the cell, so no record has it. */
  #tell(text: string): void {
    const executionId = this.#queue.running?.id ?? this.#latest;
    const cellId = executionId === undefined ? undefined : this.#cellOf(executionId);
    if (executionId === undefined || cellId === undefined) return void this.#notices.push(text);
    const late = this.#queue.running ? {} : { late: true };
    this.#onEvent({ type: "output", cellId, executionId, output: { type: "stream", name: "stderr", text }, ...late });
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
    if ("names" in frame) return this.#named(frame);
    if ("uncaught" in frame) return void this.#uncaught++;
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
    const { running } = this.#queue;
    if ("end" in frame && running?.id === executionId) void this.#complete(running, frame.end);
  }

  /** Looks at what names the cell uses that was begun last. There is time until its record is sealed, or the next cell begins. */
  #learnNames(): void {
    const executionId = this.#unnamed;
    const names = executionId === undefined ? undefined : this.#process?.namesOf(executionId);
    if (executionId !== undefined && names) this.#named({ executionId, names });
  }

  #named({ executionId, names }: NamesOfCell): void {
    if (executionId !== this.#unnamed) return;
    this.#unnamed = undefined;
    const { reads, writes, opaque } = names;
    this.staleness.names(executionId, names);
    const order = this.staleness.order(executionId);
    this.#recorder?.names(executionId, opaque ? undefined : { reads, writes }, order);
  }

  #recordEvent(executionId: string, event: RecordEvent): void {
    this.#recorder?.event(executionId, event);
    this.#compliance.event(executionId, event);
    if (event.type !== "used" || event.what.role !== "module") return;
    this.#learnNames();
    this.staleness.usedModule(executionId, event.what.name, event.what.sha256);
  }

  #output(executionId: string, output: Output, late = this.#isLate(executionId)): void {
    this.#recorder?.output(executionId, output, late);
    if (!late) this.#bars.see(output);
    const cellId = this.#cellOf(executionId);
    if (cellId === undefined) return;
    this.#onEvent({ type: "output", cellId, executionId, output, ...(late ? { late } : {}) });
  }

  #cellOf(executionId: string): string | undefined {
    const known = this.#cells.get(executionId);
    if (known !== undefined) return known;
    const recorded = this.#recorder?.cellOf(executionId);
    if (recorded !== undefined) this.#cells.set(executionId, recorded);
    return recorded;
  }

  #native(name: "stdout" | "stderr", text: string): void {
    const running = this.#queue.running?.id;
    const id = running ?? this.#latest;
    if (id) this.#output(id, { type: "stream", name, text }, running !== id);
  }

  #isLate(executionId: string): boolean {
    const { running } = this.#queue;
    return running?.id !== executionId || running.end !== undefined;
  }

  async #complete(running: Running, end: CellEnd): Promise<void> {
    if (running.end) return;
    running.end = end;
    await this.#process?.nativeDelivered();
    if (this.#queue.running === running) this.#queue.settle(end);
  }

  #ended({ id }: Running, { status, detail, peakMemory }: RunEnd): () => Sealed {
    this.variables.touch();
    for (const bar of this.#bars.end(status)) this.#output(id, bar, false);
    const violation = this.#compliance.end(id);
    this.#onEnded(id, status);
    // Who waits for the cell hears of its end first.
    setImmediate(() => this.#learnNames());
    return () => {
      if (this.#unnamed === id) this.#learnNames();
      const contentId = this.#recorder?.seal(id, {
        status,
        ...(violation === undefined ? {} : { violation }),
        ...(detail === undefined ? {} : { detail }),
        ...(peakMemory === undefined ? {} : { peakMemory }),
      });
      this.staleness.end(id, status);
      return { ...(contentId ? { contentId } : {}), ...(violation === undefined ? {} : { violation }) };
    };
  }

  #crashed(end: ProcessEnd): void {
    const how = describeEnd(end);
    const wasStarting = this.#state === "starting" || this.#state === "restarting";
    this.#learnNames();
    this.#process = undefined;
    if (wasStarting) return this.#ready.reject(kernelProblem.cellProcess(how));
    const { running } = this.#queue;
    if (running) {
      const evalue = `The cell process ended: ${how}. All variables are lost; a new process was started`;
      this.#output(running.id, { type: "error", ename: "KernelCrash", evalue, traceback: [`KernelCrash: ${evalue}`] });
    }
    this.#queue.abort();
    for (const done of this.#drained.splice(0)) done();
    this.#setState("crashed", how);
    this.#spawn();
    this.#state = "starting";
    this.#queue.settle({ status: "crashed", detail: how });
  }
}
