import { type ChildProcess, spawn } from "node:child_process";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { SessionEvent } from "../../kernel/protocol/messages.ts";
import type { NodeRuntime } from "./find-node.ts";

/** How to start a kernel process, and who hears of it. */
export interface ProcessOptions {
  readonly runtime: NodeRuntime;
  /** The program: `dist/kernel/main.js`. */
  readonly entry: string;
  /** Folder in which it runs. */
  readonly folder: string;
  readonly onEvent?: (event: SessionEvent) => void;
  /** What the process writes to its stderr, for the log. */
  readonly onLog: (text: string) => void;
  /** The process ended without being asked to. */
  readonly onExit?: (reason: string) => void;
}

/** A living kernel process. Whoever started it disposes of it. */
export interface KernelProcess extends AsyncDisposable {
  /** Asks by JSON-RPC. Rejects when the process ends before it answers. */
  request<T>(method: string, parameters?: unknown): Promise<T>;
}

/** Starts a kernel process. What it needs may be loaded with the first one. */
export type StartProcess = (options: ProcessOptions) => Promise<KernelProcess>;

/** Milliseconds that a kernel gets to write its records before it is ended. */
const farewell = 4000;

/** Starts a kernel process. It answers when it is up; a failure to start rejects the first request. */
export function startProcess({ runtime, entry, folder, onEvent, onLog, onExit }: ProcessOptions): KernelProcess {
  const child = spawn(runtime.command, [entry], {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...runtime.env },
    windowsHide: true,
  });
  let closing = false;
  let lastWords = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
    onLog(text);
  });
  // Writing to a process that is gone is answered by its exit.
  child.stdin.on("error", () => {});
  const rpc = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${runtime.command} cannot be started: ${error.message}`)));
    child.once("exit", (code, signal) => {
      rpc.dispose();
      const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
      reject(new Error(`The kernel ${how}.${lastWords.trim() ? ` ${lastWords.trim()}` : ""}`));
      if (!closing) onExit?.(how);
    });
  });
  // Every request races with the end of the process; nobody has to handle the end a second time.
  ended.catch(() => {});
  rpc.onNotification("event", (event: SessionEvent) => onEvent?.(event));
  rpc.onError(([error]) => onLog(`${error.message}\n`));
  rpc.listen();
  return {
    request: <T>(method: string, parameters?: unknown) =>
      Promise.race([
        parameters === undefined ? rpc.sendRequest<T>(method) : rpc.sendRequest<T>(method, parameters),
        ended,
      ]),
    async [Symbol.asyncDispose]() {
      closing = true;
      await shutDown(rpc, child);
    },
  };
}

async function shutDown(rpc: MessageConnection, child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), farewell);
  rpc.sendRequest("shutdown").catch(() => {});
  await gone;
  clearTimeout(timer);
}
