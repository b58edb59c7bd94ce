import { Worker } from "node:worker_threads";
import { entryPoint } from "../protocol/entry-points.ts";
import type { Interrupt } from "../protocol/messages.ts";
import { variablesKey } from "./variables.ts";

/** The pipe on which the session asks for an interrupt, or about variables. */
const pipe = 4;

/** Whether the main thread has come to the last interrupt, in memory that both threads see. */
const answered = new Int32Array(new SharedArrayBuffer(4));
/** The count of the execution that was interrupted last. */
const latest = new Int32Array(new SharedArrayBuffer(4));

/** Whether an execution was interrupted before it came. */
export function wasInterrupted({ executionCount }: Interrupt): boolean {
  return Atomics.load(latest, 0) === executionCount;
}

/** What the thread says to the main one; `next` only gives it something to run. */
export type InterruptMessage =
  | { readonly type: "interrupt" | "stopped"; readonly meant: Interrupt }
  | { readonly type: "next" | "ready" };

/**
 * Starts the thread that can stop the main one and read its variables. `interrupted` runs on the main thread as soon as that is free,
 * `stopped` after that thread was stopped in the middle of whatever it ran.
 */
export function listenForInterrupts(
  interrupted: (meant: Interrupt) => void,
  stopped: (meant: Interrupt) => void,
): Worker {
  const worker = new Worker(entryPoint("interrupt-worker"), {
    workerData: { pipe, answered, latest, variablesKey },
    stdin: false,
    execArgv: [],
  });
  worker.on("message", (message: InterruptMessage) => {
    if (message.type === "stopped") stopped(message.meant);
    if (message.type !== "interrupt") return;
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
    interrupted(message.meant);
  });
  // It must not keep the process alive; listening above counts as a reason to.
  worker.unref();
  return worker;
}
