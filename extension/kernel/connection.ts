import { type ChildProcess, spawn } from "node:child_process";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { ComplianceMode } from "../../kernel/protocol/compliance.ts";
import type { CellSource, ExecutionReply, NotebookInfo, SessionEvent } from "../../kernel/protocol/messages.ts";
import type { NodeRuntime } from "./find-node.ts";

/** How to start a session process, and who hears of it. */
export interface ConnectionOptions {
  readonly runtime: NodeRuntime;
  /** The session's program: `dist/kernel/main.js`. */
  readonly entry: string;
  readonly notebook: NotebookInfo;
  readonly onEvent: (event: SessionEvent) => void;
  /** What the process writes to its stderr, for the log. */
  readonly onLog: (text: string) => void;
  /** The process ended without being asked to. */
  readonly onExit: (reason: string) => void;
}

/** What the session says of itself when it starts. */
export interface SessionFacts {
  readonly storeFolder?: string;
}

/** A living session process and the messages it understands. Whoever opened it disposes of it. */
export interface Connection extends AsyncDisposable {
  readonly facts: SessionFacts;
  execute(
    cell: CellSource,
    settings: { readonly mode: ComplianceMode; readonly seed: number },
  ): Promise<ExecutionReply>;
  /** Resolves to false when the cell does not end although it was told to. */
  interrupt(): Promise<boolean>;
  restart(): Promise<void>;
  answer(questionId: string, text: string | null): Promise<void>;
}

/** Milliseconds that a session gets to write its records before it is ended. */
const farewell = 4000;

/** Starts a session process and waits until it is ready. Rejects with the reason when it cannot start. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { runtime, entry, notebook } = options;
  const child = spawn(runtime.command, [entry], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...runtime.env },
    windowsHide: true,
  });
  let closing = false;
  let lastWords = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
    options.onLog(text);
  });
  const rpc = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${runtime.command} cannot be started: ${error.message}`)));
    child.once("exit", (code, signal) => {
      rpc.dispose();
      const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
      reject(new Error(`The kernel ${how}.${lastWords.trim() ? ` ${lastWords.trim()}` : ""}`));
      if (!closing) options.onExit(how);
    });
  });
  // Every request races with the end of the process; nobody has to handle the end a second time.
  ended.catch(() => {});
  rpc.onNotification("event", (event: SessionEvent) => options.onEvent(event));
  rpc.onError(([error]) => options.onLog(`${error.message}\n`));
  rpc.listen();
  const request = <T>(method: string, parameters?: unknown): Promise<T> =>
    Promise.race([
      parameters === undefined ? rpc.sendRequest<T>(method) : rpc.sendRequest<T>(method, parameters),
      ended,
    ]);

  let facts: SessionFacts;
  try {
    facts = (await request<SessionFacts | null>("initialize", notebook)) ?? {};
  } catch (error) {
    closing = true;
    child.kill();
    throw error;
  }
  return {
    facts,
    execute: (cell, settings) => request("execute", { cell, ...settings }),
    interrupt: async () => (await request<{ settled: boolean }>("interrupt")).settled,
    restart: () => request("restart"),
    answer: (questionId, text) => request("answer", { questionId, text }),
    async [Symbol.asyncDispose]() {
      closing = true;
      await shutDown(rpc, child);
    },
  };
}

async function shutDown(rpc: MessageConnection, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), farewell);
  rpc.sendRequest("shutdown").catch(() => {});
  await gone;
  clearTimeout(timer);
}
