import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { keepCompiled } from "../protocol/compile-cache.ts";
import type { WorkerAnswer, WorkerQuestion, WorkerStart } from "./worker-protocol.ts";

/* The thread of the language service: the compiler works here, so that output and interrupts never wait for it. */

if (!parentPort) throw new Error("the language worker was started outside a worker thread");
const port = parentPort;
// Cells come first, and the window that shows what they put out. Linux gives each thread a priority of its own.
if (process.platform === "linux") setPriority(5);
keepCompiled();
const { openNotebookService } = await import("./notebook-service.ts");
const service = openNotebookService(workerData as WorkerStart);

port.on("message", ({ id, method, args }: WorkerQuestion) => {
  let answer: WorkerAnswer;
  try {
    const ask = service[method] as (...args: readonly unknown[]) => unknown;
    answer = { id, result: ask(...args) ?? null };
  } catch (error) {
    answer = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer);
});
