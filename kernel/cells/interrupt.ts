import { Worker } from "node:worker_threads";
import { entryPoint } from "../protocol/entry-points.ts";
import { variablesKey } from "./variables.ts";

/** The pipe on which the session asks for an interrupt, or about variables. */
const pipe = 4;

/**
 * Starts the thread that can stop the main one and read its variables. `interrupted` runs on the main thread as soon as that is free,
 * `stopped` after that thread was stopped in the middle of whatever it ran.
 */
export function listenForInterrupts(interrupted: () => void, stopped: () => void): Worker {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(entryPoint("interrupt-worker"), {
    workerData: { pipe, answered, variablesKey },
    stdin: false,
    execArgv: [],
  });
  worker.on("message", (message) => {
    if (message === "stopped") return stopped();
    if (message !== "interrupt") return;
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
    interrupted();
  });
  // It must not keep the process alive; listening above counts as a reason to.
  worker.unref();
  return worker;
}
