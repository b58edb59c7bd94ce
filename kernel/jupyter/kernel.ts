import { dirname } from "node:path";
import type { Router } from "zeromq";
import type { NotebookInfo } from "../protocol/messages.ts";
import type { Session, SessionOptions } from "../session/session.ts";
import { uuidv7 } from "../store/ids.ts";
import { Broadcast } from "./broadcast.ts";
import { completeness } from "./completeness.ts";
import type { ConnectionFile } from "./connection-file.ts";
import { earlierCells } from "./earlier-cells.ts";
import { Executions } from "./executions.ts";
import { History } from "./history.ts";
import { kernelInfo } from "./kernel-info.ts";
import { LanguageRequests } from "./language-requests.ts";
import { Questions } from "./questions.ts";
import type { Sockets } from "./sockets.ts";
import { TypeQuestions } from "./type-questions.ts";
import { type Json, type Message, noParent, Wire } from "./wire.ts";

/** What the kernel listens to of its session. */
export type SessionListeners = Required<Pick<SessionOptions, "onEvent" | "onEnded">>;

/** What a Jupyter kernel is made of. */
export interface KernelOptions {
  readonly connection: ConnectionFile;
  readonly sockets: Sockets;
  readonly notebook: NotebookInfo;
  /** Opens and starts the session of the notebook. */
  readonly startSession: (listeners: SessionListeners) => Promise<Session>;
  /** Called when a client has asked the kernel to end, and it has. */
  readonly onEnd: () => void;
}

/** The Jupyter door: takes messages from the sockets and answers them out of one session. */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #wire: Wire;
  readonly #broadcast: Broadcast;
  readonly #executions: Executions;
  readonly #questions: Questions;
  readonly #history: History;
  readonly #language: LanguageRequests;
  readonly #session: Promise<Session>;
  readonly #types = new TypeQuestions(process.env.ASSAY_TYPES);
  #ended = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    const { sockets, connection, notebook } = options;
    const id = uuidv7();
    this.#wire = new Wire(connection, id);
    this.#history = new History(() => earlierCells(notebook, id));
    this.#broadcast = new Broadcast(sockets.iopub, this.#wire, {
      topic: `kernel.${id}`,
      onSlow: (slow) => void this.#session.then((session) => session.hold(slow)),
    });
    this.#questions = new Questions({
      request: (to, content) => this.#send(sockets.stdin, to, "input_request", content),
      answer: (questionId, text, reason) =>
        void this.#session.then((session) => session.answer(questionId, text, reason)),
    });
    this.#session = options.startSession({
      onEvent: (event) => this.#executions.event(event),
      onEnded: (executionId, status) => this.#executions.ended(executionId, status),
    });
    // Told to the client with the first execution.
    this.#session.catch(() => {});
    this.#language = new LanguageRequests(dirname(notebook.path));
    this.#executions = new Executions({
      session: this.#session,
      broadcast: this.#broadcast,
      questions: this.#questions,
      history: this.#history,
      reply: (to, type, content, metadata) => this.#send(sockets.shell, to, type, content, metadata),
      onCell: (cellId, source) => this.#language.executed(cellId, source),
      asksTypes: (source, came) => this.#types.asks(source, came),
      typeErrors: async (cellId, index) => {
        const asked = performance.now();
        const errors = await this.#language.typeErrors(cellId, index);
        this.#types.took(performance.now() - asked);
        return errors;
      },
    });
  }

  /** Begins to answer. */
  listen(): void {
    const { shell, control, stdin, iopub, heartbeat } = this.#options.sockets;
    void each(heartbeat, (frames) => heartbeat.send(frames));
    void each(iopub, (frames) => this.#subscription(frames));
    void each(control, (frames) => this.#receive(control, frames));
    void each(shell, (frames) => this.#receive(shell, frames));
    void each(stdin, (frames) => this.#receive(stdin, frames));
    this.#broadcast.status("starting", noParent);
  }

  /** Stops the running cell. */
  async interrupt(): Promise<void> {
    await this.#executions.interrupt();
  }

  /** Ends the session and lets what is said leave. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await Promise.all([this.#session.then((session) => session.close()).catch(() => {}), this.#language.dispose()]);
    await this.#broadcast.flushed(1000);
    this.#options.sockets.close();
    this.#options.onEnd();
  }

  /** A client listens to the broadcast from now on: it is welcomed, so that it knows. */
  #subscription([frame]: readonly Buffer[]): void {
    if (frame?.[0] !== 1) return;
    this.#broadcast.joined();
    this.#broadcast.publish("iopub_welcome", { subscription: frame.toString("utf8", 1) }, noParent);
  }

  /** What is no message must not end the kernel, nor does what a handler throws. */
  async #receive(socket: Router, frames: readonly Buffer[]): Promise<void> {
    let message: Message;
    try {
      message = this.#wire.read(frames);
    } catch (error) {
      return complain(error);
    }
    if (message.type === "execute_request") return this.#executions.push(message);
    if (message.type === "input_reply") return this.#questions.reply(message.content);
    this.#broadcast.status("busy", message.header);
    try {
      await this.#answer(socket, message);
    } catch (error) {
      complain(error);
      this.#fail(socket, message, error);
    }
    this.#broadcast.status("idle", message.header);
    // Clients show what was said last, and a cell may still be running.
    const running = this.#executions.current;
    if (running) this.#broadcast.status("busy", running.header);
  }

  async #answer(socket: Router, message: Message): Promise<void> {
    const { content } = message;
    const reply = (type: string, answer: object) => this.#send(socket, message, type, answer);
    switch (message.type) {
      case "kernel_info_request":
        return reply("kernel_info_reply", kernelInfo);
      case "complete_request":
        return reply("complete_reply", await this.#language.complete(content));
      case "inspect_request":
        return reply("inspect_reply", await this.#language.inspect(content));
      case "is_complete_request":
        return reply("is_complete_reply", completeness(String(content.code ?? "")));
      case "history_request":
        return reply("history_reply", { status: "ok", history: await this.#history.answer(content) });
      case "comm_info_request":
        return reply("comm_info_reply", { status: "ok", comms: {} });
      case "comm_open":
        return this.#broadcast.publish("comm_close", { comm_id: content.comm_id, data: {} }, message.header);
      case "comm_msg":
      case "comm_close":
        return;
      case "connect_request":
        return reply("connect_reply", { status: "ok" });
      case "debug_request":
        return reply("debug_reply", noDebugger(content));
      case "interrupt_request":
        void this.interrupt();
        return reply("interrupt_reply", { status: "ok" });
      case "shutdown_request": {
        const answer = { status: "ok", restart: content.restart === true };
        reply("shutdown_reply", answer);
        this.#broadcast.publish("shutdown_reply", answer, message.header);
        return void setImmediate(() => this.end());
      }
      default:
        throw new Error(`there is no request named ${message.type}`);
    }
  }

  #fail(socket: Router, message: Message, error: unknown): void {
    if (!message.type.endsWith("_request")) return;
    const { name, message: evalue } = error instanceof Error ? error : new Error(String(error));
    const type = message.type.replace(/_request$/, "_reply");
    this.#send(socket, message, type, { status: "error", ename: name, evalue, traceback: [`${name}: ${evalue}`] });
  }

  #send(socket: Router, to: Message, type: string, content: object, metadata?: object): void {
    const frames = this.#wire.write(type, JSON.stringify(content), to.header, to.identities, metadata);
    // The client that asked is gone.
    socket.send(frames).catch(() => {});
  }
}

/** Takes what arrives at a socket until it is closed. */
async function each(
  socket: { receive(): Promise<Buffer[]>; readonly closed: boolean },
  take: (frames: Buffer[]) => unknown,
): Promise<void> {
  while (!socket.closed) {
    try {
      void take(await socket.receive());
    } catch (error) {
      if (!socket.closed) complain(error);
    }
  }
}

function noDebugger({ seq, command }: Json): Json {
  return {
    type: "response",
    seq: 0,
    request_seq: seq ?? 0,
    success: false,
    command: command ?? "",
    message: "This kernel has no debugger",
  };
}

/** Tells whoever reads the kernel's own error stream. */
function complain(error: unknown): void {
  process.stderr.write(`assay: ignored a message: ${error instanceof Error ? error.message : String(error)}\n`);
}
