import { Worker } from "node:worker_threads";
import { entryPoint } from "../protocol/entry-points.ts";
import type { Interrupt } from "../protocol/messages.ts";
import { InterruptState } from "./interrupt-state.ts";
import { variablesKey } from "./variables.ts";

/** The pipe on which the session asks for an interrupt, or about variables. */
const pipe = 4;

/** What both threads see of interrupts. */
export const interruptState = new InterruptState();

/** What the thread is given. */
export interface InterruptThread {
  readonly pipe: number;
  /** Of its {@link InterruptState}. */
  readonly memory: Int32Array;
  readonly variablesKey: string;
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
    workerData: { pipe, memory: interruptState.memory, variablesKey } satisfies InterruptThread,
    stdin: false,
    execArgv: [],
  });
  worker.on("message", (message: InterruptMessage) => {
    if (message.type === "stopped") stopped(message.meant);
    if (message.type !== "interrupt") return;
    interruptState.goesOn();
    interrupted(message.meant);
  });
  // It must not keep the process alive; listening above counts as a reason to.
  worker.unref();
  return worker;
}
