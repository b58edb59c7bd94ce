import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import type { Interrupt, LineToCells, VariableQuestion } from "../protocol/messages.ts";
import { lastChild } from "./child-processes.ts";
import type { InterruptMessage, InterruptThread } from "./interrupt.ts";
import { InterruptState } from "./interrupt-state.ts";

/**
 * Reaches into the main thread, whatever JavaScript that runs: each line of JSON on the pipe stops it, or asks about variables and is
 * answered by a line. The end of the pipe means that the session is gone, and ends the process.
 */
const { pipe, memory, variablesKey } = workerData as InterruptThread;
const state = new InterruptState(memory);
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
  const needed = state.asks(meant.executionCount);
  say({ type: "interrupt", meant });
  if (needed && state.mustStop(patience)) stop(meant);
}

function stop(meant: Interrupt): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    for (const timer of timers) clearTimeout(timer);
    session.disconnect();
    state.stopped();
    say({ type: "stopped", meant });
  });
  // Where there is nothing to stop any more, the stop hits what runs next: one of these messages, and no command of the session.
  const nudge = setInterval(say, 1, { type: "next" });
  // The main thread may wait for a process that it started (`execSync`). As Ctrl-C would, this ends the one that it started last.
  const kill = setInterval(() => endChild("SIGKILL") && clearInterval(kill), childPatience);
  const timers = [nudge, setTimeout(clearInterval, nudging, nudge), setTimeout(endChild, 30, "SIGINT"), kill];
  say({ type: "next" });
}

function say(message: InterruptMessage): void {
  parentPort?.postMessage(message);
}

/** False when there is none yet: a process may take its time to start. */
function endChild(signal: "SIGINT" | "SIGKILL"): boolean {
  const pids = lastChild();
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
  return pids.length > 0;
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
