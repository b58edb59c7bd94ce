import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import type { VariableQuestion } from "../protocol/messages.ts";
import { lastChild } from "./child-processes.ts";

/**
 * Reaches into the main thread, whatever JavaScript that runs: a byte `i` on the pipe stops it, a line of JSON asks about variables
 * and is answered by a line. The end of the pipe means that the session is gone, and ends the process.
 */
const { pipe, answered, variablesKey } = workerData as { pipe: number; answered: Int32Array; variablesKey: string };
/** Milliseconds that the main thread has to answer by itself before it is stopped: the loading of a module of Node's must not be cut in two. */
const patience = 40;
/** Milliseconds for which the main thread is given something to run. */
const nudging = 200;
/** Milliseconds that a process which the main thread waits for has to end by itself. */
const childPatience = 600;
/** Milliseconds that the main thread has to tell its variables. Native code may hold it for longer. */
const readingPatience = 1000;

const socket = new Socket({ fd: pipe, readable: true, writable: true });
let line = "";
socket.setEncoding("utf8");
socket.on("data", (text: string) => {
  for (const part of text.split(/(?<=\n)/)) received(part);
});
socket.on("error", end);
socket.on("end", end);

/** Interrupts come between lines, never inside one. */
function received(part: string): void {
  const start = line === "" ? part.replace(/^i+/, "") : part;
  if (start !== part) interrupt();
  line += start;
  if (!line.endsWith("\n")) return;
  const question = JSON.parse(line) as VariableQuestion;
  line = "";
  ask(question);
}

function interrupt(): void {
  Atomics.store(answered, 0, 0);
  parentPort?.postMessage("interrupt");
  if (Atomics.wait(answered, 0, 0, patience) !== "timed-out") return;
  const session = new Session();
  let stopped = false;
  session.connectToMainThread();
  // The main thread may have come to it meanwhile: a stop would hit what it does next.
  if (Atomics.load(answered, 0) !== 0) return session.disconnect();
  session.post("Runtime.terminateExecution", () => {
    stopped = true;
    session.disconnect();
    parentPort?.postMessage("stopped");
  });
  // Where there is nothing to stop any more, the stop hits what runs next: one of these messages, and no command of the session.
  const nudge = setInterval(() => {
    if (stopped || performance.now() > until) clearInterval(nudge);
    else parentPort?.postMessage("next");
  }, 1).unref();
  const until = performance.now() + nudging;
  parentPort?.postMessage("next");
  // The main thread may wait for a process that it started (`execSync`). As Ctrl-C would, this ends the one that it started last.
  setTimeout(() => stopped || endChild("SIGINT"), 30).unref();
  setTimeout(() => stopped || endChild("SIGKILL"), childPatience).unref();
}

function endChild(signal: "SIGINT" | "SIGKILL"): void {
  for (const pid of lastChild()) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

function ask(question: VariableQuestion): void {
  const session = new Session();
  const busy = `${JSON.stringify({ id: question.id, failed: "busy" })}\n`;
  const done = (answer: string) => {
    clearTimeout(timer);
    session.disconnect();
    socket.write(answer);
  };
  const timer = setTimeout(() => done(busy), readingPatience);
  session.connectToMainThread();
  const expression = `globalThis[Symbol.for(${JSON.stringify(variablesKey)})](${JSON.stringify(question)})`;
  session.post("Runtime.evaluate", { expression, returnByValue: true, silent: true }, (error, reply) => {
    const text: unknown = error ? undefined : reply.result.value;
    done(typeof text === "string" && !reply.exceptionDetails ? `${text}\n` : busy);
  });
}

function end(): void {
  process.kill(process.pid, "SIGKILL");
}

parentPort?.postMessage("ready");
