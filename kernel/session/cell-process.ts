import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type {
  CellCommand,
  CellProcessSettings,
  Frame,
  FrameNames,
  Interrupt,
  LineToCells,
  VariableAnswer,
  VariableQuestion,
} from "../protocol/messages.ts";
import { endGroup, startCellProcess } from "./cell-spawn.ts";
import { FrameReader } from "./frames.ts";
import { watchGroup } from "./memory-watch.ts";
import type { NameSlot } from "./name-slot.ts";
import { VariableLine } from "./variable-line.ts";

/** What a cell process tells its session. */
export interface CellProcessEvents {
  readonly onFrame: (frame: Frame) => void;
  /** What native code wrote to file descriptors 1 and 2. */
  readonly onNative: (name: "stdout" | "stderr", text: string) => void;
  /** The process is gone and all that it wrote has been delivered. */
  readonly onExit: (end: ProcessEnd) => void;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why the session ended it: a clause for people. */
  readonly reason?: string | undefined;
  /** The end of what native code wrote to stderr. */
  readonly lastWords?: string;
}

/** Milliseconds that output may still arrive after the process is gone, when somebody else holds its pipes. */
const lateOutput = 500;

/** Turns of the loop that a cell waits for its native output. Each takes up to two megabytes from each pipe. */
const mostTurns = 20;

/** A running cell process. Whoever starts it stops it. */
export class CellProcess {
  readonly #child: ChildProcess;
  readonly #events: CellProcessEvents;
  readonly #variables: VariableLine;
  readonly #names: NameSlot | undefined;
  #ended = false;
  #unreadable = false;
  #reason: string | undefined;
  #lastWords = "";
  #nativeChunks = 0;
  readonly #watch: Disposable | undefined;
  /** The execution that was begun last. */
  #latest: Interrupt = { executionId: "", executionCount: 0 };
  /** What was sent since, until that execution ends. */
  #sent: CellCommand[] = [];

  constructor(settings: CellProcessSettings, events: CellProcessEvents) {
    this.#events = events;
    const { child, names } = startCellProcess(settings);
    this.#child = child;
    this.#names = names;
    const { pid } = child;
    if (pid !== undefined) this.#watch = watchGroup(pid, (reason) => this.end(reason));
    this.#variables = new VariableLine(this.#child.stdio[4] as Duplex);
    this.#listen();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(command: CellCommand): void {
    if (command.type === "execute") {
      this.#latest = { executionId: command.executionId, executionCount: command.executionCount };
      this.#sent = [];
    }
    this.#sent.push(command);
    this.#deliver(command);
  }

  #deliver(command: CellCommand): void {
    if (this.#child.connected) this.#child.send(command, () => {});
  }

  /** Asks the thread that watches the cells to stop the execution that was begun last, and whatever else holds the cells up. */
  interrupt(): void {
    const line: LineToCells = { interrupt: this.#latest };
    (this.#child.stdio[4] as Writable).write(`${JSON.stringify(line)}\n`);
  }

  /** The names that an execution uses, where the process has left them and no later one has left its own. */
  namesOf(executionId: string): FrameNames | undefined {
    return this.#names?.read(executionId);
  }

  /** Asks the thread that watches the cells about their variables. Resolves to `busy` where the cells cannot be read now. */
  ask(question: VariableQuestion): Promise<VariableAnswer> {
    return this.#variables.ask(question);
  }

  /** Stops reading what the cells put out, until it is called again: the pipe fills, and they wait in the middle of a write. */
  hold(waiting: boolean): void {
    for (const stream of [this.#child.stdio[3], this.#child.stdout, this.#child.stderr] as Readable[])
      if (waiting) stream.pause();
      else stream.resume();
  }

  /**
   * Resolves when the native output is here that was written before the frames that are here. It lies in the pipes already, so a turn
   * of the loop without any shows that; what goes on writing is not waited for.
   */
  async nativeDelivered(): Promise<void> {
    for (let turn = 0, before = -1; before !== this.#nativeChunks && turn < mostTurns; turn++) {
      before = this.#nativeChunks;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Ends the process: asks first, insists after `grace` milliseconds. Resolves when it is gone. */
  async stop(grace = 150): Promise<void> {
    if (this.#ended) return;
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // What it still puts out is for nobody; a flood must not hold up its end.
    for (const stream of [this.#child.stdio[3], this.#child.stdout, this.#child.stderr]) stream?.destroy();
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.end(), grace);
    await gone;
    clearTimeout(timer);
  }

  /** Ends the process at once, with all that its cells started. The reason is a clause for people. */
  end(reason?: string): void {
    this.#reason ??= reason;
    endGroup(this.#child);
  }

  #listen(): void {
    const child = this.#child;
    const frames = child.stdio[3] as Readable;
    const reader = new FrameReader();
    frames.on("data", (chunk: Buffer) => {
      if (this.#unreadable) return;
      try {
        for (const frame of reader.push(chunk)) this.#frame(frame);
      } catch (error) {
        this.#unreadable = true;
        this.end(error instanceof Error ? error.message : String(error));
      }
    });
    frames.on("error", () => {});
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new StringDecoder("utf8");
      child[name]?.on("data", (chunk: Buffer) => {
        const text = decoder.write(chunk);
        if (name === "stderr") this.#lastWords = (this.#lastWords + text).slice(-4000);
        this.#nativeChunks++;
        if (text !== "") this.#events.onNative(name, text);
      });
      child[name]?.on("error", () => {});
    }
    (child.stdio[4] as Writable).on("error", () => {});
    child.on("error", () => this.#end({ code: null, signal: null }));
    child.on("close", (code, signal) => this.#end({ code, signal }));
    child.on("exit", (code, signal) => {
      endGroup(child);
      setTimeout(() => this.#end({ code, signal }), lateOutput).unref();
    });
  }

  #frame(frame: Frame): void {
    if ("end" in frame && frame.executionId === this.#latest.executionId) this.#sent = [];
    if ("stopped" in frame) for (const command of this.#sent) this.#deliver(command);
    else this.#events.onFrame(frame);
  }

  #end(end: ProcessEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watch?.[Symbol.dispose]();
    this.#variables.close();
    this.#events.onExit({ ...end, reason: this.#reason, lastWords: this.#lastWords });
    this.#names?.close();
  }
}
