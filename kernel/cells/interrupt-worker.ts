import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/**
 * Stops JavaScript on the main thread, whatever it does. A byte on the pipe asks for it; the end of the pipe means that the session
 * is gone, and ends the process.
 */
const { pipe, answered } = workerData as { pipe: number; answered: Int32Array };
/** Milliseconds that the main thread has to answer by itself before it is stopped. */
const patience = 15;

const socket = new Socket({ fd: pipe, readable: true, writable: false });
socket.on("data", interrupt);
socket.on("error", end);
socket.on("end", end);

function interrupt(): void {
  Atomics.store(answered, 0, 0);
  parentPort?.postMessage("interrupt");
  if (Atomics.wait(answered, 0, 0, patience) !== "timed-out") return;
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => session.disconnect());
}

function end(): void {
  process.kill(process.pid, "SIGKILL");
}

parentPort?.postMessage("ready");
