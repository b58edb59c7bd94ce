import { writeSync } from "node:fs";
import type { Frame } from "../protocol/messages.ts";

/** The output pipe that the session opens for the cell process. */
const pipe = 3;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes one frame and returns when the kernel of the operating system has it: order, back-pressure, and survival of a crash
 * right after.
 */
export function writeFrame(frame: Frame): void {
  const text = JSON.stringify(frame);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32LE(length, 0);
  bytes.write(text, 4, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(pipe, bytes, at, bytes.length - at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN" || code === "EINTR") Atomics.wait(pause, 0, 0, 1);
      // The session is gone; nobody will ever read.
      else if (code === "EPIPE" || code === "EBADF" || code === "ECONNRESET") process.kill(process.pid, "SIGKILL");
      else throw error;
    }
  }
}
