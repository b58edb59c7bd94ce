import { notInHistory } from "../protocol/cell-source.ts";
import type { ExecutionReply, ExecutionStatus, SessionEvent } from "../protocol/messages.ts";
import type { Output } from "../protocol/outputs.ts";
import { PauseTimer } from "../session/pause-timer.ts";
import type { Session } from "../session/session.ts";
import type { Broadcast } from "./broadcast.ts";
import type { History } from "./history.ts";
import { publishOutput } from "./outputs.ts";
import type { Questions } from "./questions.ts";
import { atFirst } from "./type-questions.ts";
import type { Json, Message } from "./wire.ts";

/** What executions need of the kernel. */
export interface ExecutionsOptions {
  /** The session, once it has started; rejects with the reason why it could not. */
  readonly session: Promise<Session>;
  readonly broadcast: Broadcast;
  readonly questions: Questions;
  readonly history: History;
  readonly reply: (to: Message, type: string, content: object, metadata?: object) => void;
  /** Told of every cell before it runs. */
  readonly onCell: (id: string, source: string) => void;
  /** Whether the compiler is to look at a cell; asked while it runs. */
  readonly asksTypes: (source: string, came: number) => boolean;
  /** Lines about type errors in a cell that ran. */
  readonly typeErrors: (id: string, index: number) => Promise<readonly string[]>;
}

interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** One piece of code that runs for a request: its cell, or one of its user expressions. */
interface Run {
  readonly request: Message;
  readonly count: number;
  readonly allowStdin: boolean;
  /** Whether it has a place in the history. */
  readonly stored: boolean;
  readonly onOutput: (output: Output) => void;
  /** Told when it was handed to the process of the cells. */
  readonly begun?: () => void;
}

/** Milliseconds after a cell has left that the kernel sleeps if nothing comes: a busy kernel would keep its core from the cell it has just woken. */
const leisure = 1;
/** Milliseconds of a pause: when cells come without one, their texts are looked at in the next, or once a cell takes as long. */
const pause = 20;
/** Texts that wait to be looked at, at most. */
const mostUnseen = 100;
/** Characters of a cell that takes longer to compile than to announce. */
const longText = 2000;
/** Milliseconds that the end of a cell waits for the compiler. */
const patience = 8000;
/** Runs of which late output still finds its way back. */
const remembered = 10_000;

/** A cell whose text the compiler may have to look at. */
interface Unseen {
  readonly id: string;
  readonly code: string;
  readonly count: number;
  readonly request: Message;
  /** When it came, by the clock of `performance`. */
  readonly came: number;
}

/** Takes `execute_request`s one after the other and answers them. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #waiting: Message[] = [];
  readonly #runs = new Map<string, Run>();
  #working = false;
  /** Whether the session has started. */
  #ready = false;
  #request: Message | undefined;
  #run: Run | undefined;
  #end: PromiseWithResolvers<Pick<ExecutionReply, "executionId" | "status">> = Promise.withResolvers();
  #count = 0;
  /** When the last cell ended, by the clock of `performance`. */
  #ended = Number.NEGATIVE_INFINITY;
  /** Cells whose texts nobody has looked at yet, in order. */
  #unseen: Unseen[] = [];
  /** Looks at them, for the cell that runs if there is one. */
  #look: () => void = () => void this.#lookAbout();
  readonly #lookInPause = new PauseTimer(pause, () => this.#look());
  /** Ends the wait for the compiler. */
  #goOn = () => {};

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    options.session.then(
      () => {
        this.#ready = true;
      },
      () => {},
    );
  }

  /** The request that is being worked on. */
  get current(): Message | undefined {
    return this.#request;
  }

  push(request: Message): void {
    this.#waiting.push(request);
    this.#goOn();
    if (!this.#working) void this.#work();
  }

  /** What the session tells of running cells. */
  event(event: SessionEvent): void {
    if (event.type === "started" && this.#run) {
      this.#remember(event.executionId, this.#run);
      this.#run.begun?.();
    } else if (event.type === "output") this.#runs.get(event.executionId)?.onOutput(event.output);
    else if (event.type === "ask") this.#ask(event);
  }

  /** The end of a cell, before its record is sealed. */
  ended(executionId: string, status: ExecutionStatus): void {
    if (this.#run && this.#runs.get(executionId) === this.#run) this.#end.resolve({ executionId, status });
  }

  /** Stops the running cell; those that wait are aborted by its error. */
  async interrupt(): Promise<void> {
    const session = await this.#options.session;
    const run = this.#run;
    const stopped = await session.interrupt();
    this.#options.questions.clear("the cell was interrupted");
    if (stopped || run !== this.#run) return;
    const text = "The cell does not stop. Restart the kernel to end it; its variables will be gone.\n";
    run?.onOutput({ type: "stream", name: "stderr", text });
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#request = next;
      await this.#execute(next);
      this.#options.broadcast.status("idle", next.header);
      this.#ended = performance.now();
      this.#request = undefined;
    }
    this.#working = false;
    if (this.#unseen.length > 0) this.#lookInPause.stir();
  }

  /** Answers what waits without running it. */
  #abort(): void {
    const { broadcast, reply } = this.#options;
    for (const request of this.#waiting.splice(0)) {
      broadcast.status("busy", request.header);
      reply(request, "execute_reply", { status: "aborted", execution_count: this.#count });
      broadcast.status("idle", request.header);
    }
  }

  /** Answers a request. */
  async #execute(request: Message): Promise<void> {
    const { broadcast, history, reply } = this.#options;
    const { code, silent, stored, allowStdin, stopOnError, expressions } = asked(request.content);
    if (stored) this.#count++;
    const count = this.#count;
    const noteResult = stored ? history.add(count, code) : undefined;
    let announced = false;
    const announce = () => {
      if (announced) return;
      announced = true;
      broadcast.status("busy", request.header);
      if (!silent) broadcast.publish("execute_input", { code, execution_count: count }, request.header);
    };
    // A long text keeps the process of the cells busy meanwhile; what a short one gives would have to wait behind this.
    if (!this.#ready || code.length < longText) announce();
    let failure: Failure | undefined;
    const started = new Date().toISOString();
    const onOutput = (output: Output) => {
      if (output.type === "error") failure = failureOf(output);
      else if (output.type === "result") noteResult?.(String(output.data["text/plain"] ?? ""));
      if (!silent) publishOutput(broadcast, output, request.header, count);
    };
    const id = cellId(request, count);
    const came = performance.now();
    const hurried = count > atFirst && (this.#waiting.length > 0 || came - this.#ended < pause);
    if (this.#unseen.length >= mostUnseen) this.#lookAbout();
    if (!silent) this.#unseen.push({ id, code, count, request, came });
    let asksTypes = false;
    // Not at once: the core is for the cell then. A cell that ends sooner has a text that is short to look at.
    const look = () => {
      asksTypes ||= this.#lookAbout(request);
    };
    this.#look = look;
    this.#lookInPause.stir();
    const timer = hurried ? undefined : setTimeout(look, leisure);
    const done = await this.#runCode(code, id, { request, count, allowStdin, stored, onOutput, begun: announce });
    announce();
    clearTimeout(timer);
    this.#look = () => void this.#lookAbout();
    const metadata = { started, ...done.facts };
    if (done.status === "ok") {
      const user_expressions = await this.#evaluate(expressions, request, count);
      reply(
        request,
        "execute_reply",
        { status: "ok", execution_count: count, user_expressions, payload: [] },
        metadata,
      );
      if (!hurried) look();
      if (asksTypes) await this.#tellTypes(id, count, request);
      return;
    }
    failure ??= done.failure;
    if (done.failure && !silent) broadcast.publish("error", done.failure, request.header);
    const content = { status: "error", execution_count: count, ...failure, user_expressions: {}, payload: [] };
    reply(request, "execute_reply", content, metadata);
    if (!silent && stopOnError) this.#abort();
    look();
    // A type error may be why it failed.
    if (failure && failure.ename !== "SyntaxError" && done.facts?.assay.status === "error" && asksTypes)
      await this.#tellTypes(id, count, request);
  }

  /** Looks at the texts that nobody has looked at: whether the compiler is to be asked about that of a request; it is asked about the others. */
  #lookAbout(about?: Message): boolean {
    let asks = false;
    for (const { id, code, count, request, came } of this.#unseen.splice(0)) {
      if (!this.#options.asksTypes(code, came)) continue;
      if (request === about) asks = true;
      else void this.#tellTypes(id, count, request, 0);
    }
    return asks;
  }

  /**
   * The client has its reply; what the compiler says still belongs to the cell. It comes late where the compiler takes long, or where the
   * next cell is there already.
   */
  async #tellTypes(id: string, count: number, request: Message, most = patience): Promise<void> {
    const told = this.#options.typeErrors(id, count).then((lines) => {
      if (lines.length > 0) this.#options.broadcast.stream("stderr", `${lines.join("\n")}\n`, request.header);
    });
    if (this.#waiting.length > 0 || most === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goOn = resolve;
    const timer = setTimeout(resolve, most);
    await Promise.race([told, promise]);
    clearTimeout(timer);
  }

  /** Runs code in the session. `failure` is set when it did not even begin. */
  async #runCode(
    source: string,
    id: string,
    run: Run,
  ): Promise<{
    status: "ok" | "error";
    facts?: { assay: { executionId: string; status: string } };
    failure?: Failure;
  }> {
    if (source.trim() === "") return { status: "ok" };
    try {
      const session = await this.#options.session;
      this.#run = run;
      this.#end = Promise.withResolvers();
      this.#options.onCell(id, source);
      const done = session.execute({
        id,
        index: run.count,
        source,
        ...(run.stored ? {} : { tags: [notInHistory] }),
      });
      // The record is sealed when the client has its reply.
      const { executionId, status } = await Promise.race([this.#end.promise, done]);
      return {
        status: status === "ok" ? "ok" : "error",
        facts: { assay: { executionId, status } },
        ...(status === "aborted" ? { failure: notRun } : {}),
      };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { status: "error", failure: { ename: name, evalue: message, traceback: [`${name}: ${message}`] } };
    } finally {
      this.#run = undefined;
    }
  }

  async #evaluate(expressions: Json, request: Message, count: number): Promise<Json> {
    const results: Record<string, unknown> = {};
    for (const [name, source] of Object.entries(expressions)) {
      let data: Json = {};
      let failure: Failure | undefined;
      const onOutput = (output: Output) => {
        if (output.type === "result") data = output.data;
        if (output.type === "error") failure = failureOf(output);
      };
      const run = { request, count, allowStdin: false, stored: false, onOutput };
      const done = await this.#runCode(String(source), `expression-${name}`, run);
      results[name] =
        done.status === "ok" ? { status: "ok", data, metadata: {} } : { status: "error", ...(failure ?? done.failure) };
    }
    return results;
  }

  #ask(question: Extract<SessionEvent, { type: "ask" }>): void {
    const run = this.#runs.get(question.executionId);
    if (run?.allowStdin) return this.#options.questions.ask(question, run.request);
    const reason = "this Jupyter client takes no questions (allow_stdin is false)";
    void this.#options.session.then((session) => session.answer(question.questionId, null, reason));
  }

  #remember(executionId: string, run: Run): void {
    this.#runs.set(executionId, run);
    if (this.#runs.size <= remembered) return;
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined) this.#runs.delete(oldest);
  }
}

function failureOf({ ename, evalue, traceback }: Failure): Failure {
  return { ename, evalue, traceback };
}

const notRun: Failure = { ename: "Aborted", evalue: "The cell was not run", traceback: ["The cell was not run"] };

/** The fields of an `execute_request`, with their defaults. */
function asked(content: Json) {
  const silent = content.silent === true;
  const code = typeof content.code === "string" ? content.code : "";
  const { user_expressions: expressions } = content;
  return {
    code,
    silent,
    /** Counts, and has a place in the history. */
    stored: !silent && content.store_history !== false && code.trim() !== "",
    allowStdin: content.allow_stdin !== false,
    stopOnError: content.stop_on_error !== false,
    expressions: typeof expressions === "object" && expressions !== null ? (expressions as Json) : {},
  };
}

/** The cell's own id when the client tells it, else one that is the same at every run of the same notebook. */
function cellId({ metadata: { cellId: id } }: Message, count: number): string {
  return typeof id === "string" && id !== "" ? id : `execution-${count}`;
}
