import { writeSync } from "node:fs";
import { frameHead, frameMark } from "../protocol/frame-head.ts";
import type { Frame } from "../protocol/messages.ts";

/** The output pipe that the session opens for the cell process. */
const pipe = 3;
const pause = new Int32Array(new SharedArrayBuffer(4));

// Taken here, so that cells may replace the globals without harm.
const { stringify } = JSON;
const { wait } = Atomics;
const { from } = Buffer;
const { kill, pid } = process;
const writeBytes = writeSync;

/** What is being written, and how much of it has been: an interrupt may come between two pieces, and the next frame sends the rest first. */
let bytes = from("");
let sent = 0;

/**
 * Writes one frame and returns when the kernel of the operating system has it: order, back-pressure, and survival of a crash
 * right after.
 */
export function writeFrame(frame: Frame): void {
  write(stringify(frame));
}

let textOf = "";
let textHead = "";

/** The same for text of a cell, of which there may be very many pieces. */
export function writeText(executionId: string, name: "stdout" | "stderr", text: string): void {
  if (textOf !== `${executionId} ${name}`) {
    textOf = `${executionId} ${name}`;
    textHead = `{"executionId":${stringify(executionId)},"output":{"type":"stream","name":"${name}","text":`;
  }
  write(`${textHead}${stringify(text)}}}`);
}

function write(json: string): void {
  const next = from(`        ${json}`);
  next.writeUInt32LE(frameMark, 0);
  next.writeUInt32LE(next.length - frameHead, 4);
  send();
  bytes = next;
  sent = 0;
  send();
}

function send(): void {
  while (sent < bytes.length) {
    try {
      sent += writeBytes(pipe, bytes, sent, bytes.length - sent);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN" || code === "EINTR") wait(pause, 0, 0, 1);
      else if (code === "EBADF" || code === "EPIPE" || code === "ECONNRESET") end(code);
      else throw error;
    }
  }
}

/** Nothing can be said any more: the session is gone, or the cell has closed the pipe. */
function end(code: string): void {
  try {
    if (code === "EBADF")
      writeBytes(2, "File descriptor 3, which carries the output of cells, was closed by the cell.\n");
  } catch {
    // The session is gone, or that descriptor is closed too.
  }
  kill.call(process, pid, "SIGKILL");
}
