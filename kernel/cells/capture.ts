import { Writable } from "node:stream";
import { attributedExecution } from "./execution.ts";

/** Replaces `process.stdout` and `process.stderr`, and with them the console: text goes to the cell that wrote it. */
export function captureStreams(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = captured(name);
    Object.defineProperty(process, name, { get: () => stream, configurable: true, enumerable: true });
  }
}

type Callback = (error?: Error | null) => void;

function captured(name: "stdout" | "stderr"): NodeJS.WriteStream {
  const stream = new Writable({ decodeStrings: false });
  const decoder = new TextDecoder();
  // Written directly, past the stream's queue: an interrupt in the middle must not leave the queue waiting for ever.
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Callback, callback?: Callback): boolean => {
    const done = typeof encoding === "function" ? encoding : callback;
    const text =
      typeof chunk !== "string"
        ? decoder.decode(chunk, { stream: true })
        : typeof encoding === "string" && /^(hex|base64|base64url|latin1|binary|utf16le|ucs2)$/.test(encoding)
          ? Buffer.from(chunk, encoding).toString("utf8")
          : chunk;
    if (text !== "") attributedExecution()?.context.emit({ type: "stream", name, text });
    if (done) process.nextTick(done);
    return true;
  };
  stream.setMaxListeners(0);
  return Object.assign(stream, { write, fd: name === "stdout" ? 1 : 2, isTTY: false }) as unknown as NodeJS.WriteStream;
}
