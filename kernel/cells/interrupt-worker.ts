import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import type { Interrupt, LineToCells, VariableQuestion } from "../protocol/messages.ts";
import { lastChild } from "./child-processes.ts";
import type { InterruptMessage } from "./interrupt.ts";

/**
 * Reaches into the main thread, whatever JavaScript that runs: each line of JSON on the pipe stops it, or asks about variables and is
 * answered by a line. The end of the pipe means that the session is gone, and ends the process.
 */
const { pipe, answered, latest, variablesKey } = workerData as {
  pipe: number;
  answered: Int32Array;
  latest: Int32Array;
  variablesKey: string;
};
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

function received(part: string): void {
  line += part;
  if (!line.endsWith("\n")) return;
  const asked = JSON.parse(line) as LineToCells;
  line = "";
  if ("interrupt" in asked) interrupt(asked.interrupt);
  else ask(asked);
}

function interrupt(meant: Interrupt): void {
  Atomics.store(answered, 0, 0);
  Atomics.store(latest, 0, meant.executionCount);
  say({ type: "interrupt", meant });
  if (Atomics.wait(answered, 0, 0, patience) !== "timed-out") return;
  const session = new Session();
  let stopped = false;
  session.connectToMainThread();
  // The main thread may have come to it meanwhile: a stop would hit what it does next.
  if (Atomics.load(answered, 0) !== 0) return session.disconnect();
  session.post("Runtime.terminateExecution", () => {
    stopped = true;
    session.disconnect();
    say({ type: "stopped", meant });
  });
  // Where there is nothing to stop any more, the stop hits what runs next: one of these messages, and no command of the session.
  const nudge = setInterval(() => {
    if (stopped || performance.now() > until) clearInterval(nudge);
    else say({ type: "next" });
  }, 1).unref();
  const until = performance.now() + nudging;
  say({ type: "next" });
  // The main thread may wait for a process that it started (`execSync`). As Ctrl-C would, this ends the one that it started last.
  setTimeout(() => stopped || endChild("SIGINT"), 30).unref();
  setTimeout(() => stopped || endChild("SIGKILL"), childPatience).unref();
}

function say(message: InterruptMessage): void {
  parentPort?.postMessage(message);
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

say({ type: "ready" });
