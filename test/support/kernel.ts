import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { CellSource, ExecutionReply, NotebookInfo, SessionEvent } from "../../kernel/protocol/messages.ts";

/** A built session process, spoken to as the extension does. */
export interface TestKernel extends AsyncDisposable {
  /** Process id of the session process. */
  readonly pid: number;
  execute(cell: CellSource): Promise<ExecutionReply>;
  interrupt(): Promise<{ settled: boolean }>;
  restart(): Promise<void>;
  answer(questionId: string, text: string | null): Promise<void>;
  /** Any other request by its method. */
  request<T>(method: string, parameters: unknown): Promise<T>;
}

/** Starts `dist/kernel/main.js` for a notebook that need not exist. */
export async function startKernel(
  notebook: Partial<NotebookInfo> & { readonly path: string },
  onEvent: (event: SessionEvent) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<TestKernel> {
  const entry = fileURLToPath(new URL("../../dist/kernel/main.js", import.meta.url));
  const child = spawn(process.execPath, [entry], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  connection.onNotification("event", onEvent);
  connection.listen();
  const info: NotebookInfo = { id: "notebook", mode: "open_source_only", seed: 0, ...notebook };
  await connection.sendRequest("initialize", info);
  return {
    pid: child.pid ?? 0,
    execute: (cell) => connection.sendRequest("execute", { cell }),
    interrupt: () => connection.sendRequest("interrupt"),
    restart: () => connection.sendRequest("restart"),
    answer: (questionId, text) => connection.sendRequest("answer", { questionId, text }),
    request: (method, parameters) => connection.sendRequest(method, parameters),
    async [Symbol.asyncDispose]() {
      // A session that was killed has closed the connection, and then the request throws instead of rejecting.
      const shutdown = async () => connection.sendRequest("shutdown");
      await Promise.race([gone, shutdown().catch(() => {})]);
      await gone;
      connection.dispose();
    },
  };
}
