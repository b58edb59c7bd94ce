import { frameHead, frameMark } from "../protocol/frame-head.ts";
import type { Frame } from "../protocol/messages.ts";

/** Bytes that a frame may have: what fits into a string of V8. */
const longest = 2 ** 29;

/** Thrown when something else than frames was written into the pipe. */
export class OutOfStepError extends Error {
  override readonly name = "OutOfStepError";
}

/**
 * Takes frames out of the bytes of the output pipe. Text that one cell writes in a row arrives as one frame, which spares
 * everyone behind the work of a hundred thousand small ones.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that the next frame has with its head, once that is known. */
  #wanted = frameHead;
  /** How the frame with text began that came last. */
  #textHead: Buffer | undefined;

  /** The frames that `chunk` completes, in order. Throws {@link OutOfStepError}. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    const frames: Frame[] = [];
    /** Texts of frames in a row that begin alike, as JSON writes them. */
    let texts: Buffer[] = [];
    const flush = () => {
      if (texts.length > 0) frames.push(this.#textFrame(texts));
      texts = [];
    };
    let at = 0;
    for (;;) {
      this.#wanted = frameHead;
      if (bytes.length - at < frameHead) break;
      const length = bodyLength(bytes, at);
      this.#wanted += length;
      const end = at + this.#wanted;
      if (bytes.length < end) break;
      const text = this.#textIn(bytes, at + frameHead, end);
      if (text) texts.push(text);
      else {
        flush();
        const frame = parsed(bytes.toString("utf8", at + frameHead, end));
        if ("output" in frame && frame.output.type === "stream") this.#textHead = textHead(frame);
        frames.push(frame);
      }
      at = end;
    }
    flush();
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
    return joined(frames);
  }

  /** What stands between the quotes of a frame that begins as the last one with text did. */
  #textIn(bytes: Buffer, start: number, end: number): Buffer | undefined {
    const head = this.#textHead;
    if (!head || end - start < head.length + textTail.length) return undefined;
    const from = start + head.length;
    const to = end - textTail.length;
    const alike = bytes.compare(head, 0, head.length, start, from) === 0;
    return alike && bytes.compare(textTail, 0, textTail.length, to, end) === 0 ? bytes.subarray(from, to) : undefined;
  }

  /** One frame for several: their texts are read as one, which takes a fraction of the time. */
  #textFrame(texts: readonly Buffer[]): Frame {
    return parsed(Buffer.concat([this.#textHead!, ...texts, textTail]).toString("utf8"));
  }
}

const textTail = Buffer.from('"}}');

/** The bytes of such a frame as the cell process writes it, up to its text. */
function textHead({ executionId, output }: Extract<Frame, { output: unknown }>): Buffer {
  return Buffer.from(JSON.stringify({ executionId, output: { ...output, text: "" } }).slice(0, -textTail.length));
}

function bodyLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32LE(at + 4);
  if (bytes.readUInt32LE(at) !== frameMark || length > longest)
    throw new OutOfStepError("a cell wrote into file descriptor 3, which carries the output of cells");
  return length;
}

function parsed(text: string): Frame {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame === "object" && frame !== null && "executionId" in frame && typeof frame.executionId === "string")
      return frame as Frame;
  } catch {
    // Not even JSON.
  }
  throw new OutOfStepError("the output of a cell cannot be read: it replaced what the kernel writes with");
}

function joined(frames: readonly Frame[]): Frame[] {
  const result: Frame[] = [];
  let texts: string[] = [];
  for (const [index, frame] of frames.entries()) {
    const next = frames[index + 1];
    if (!("output" in frame) || frame.output.type !== "stream") {
      result.push(frame);
      continue;
    }
    texts.push(frame.output.text);
    const goes =
      next !== undefined &&
      "output" in next &&
      next.output.type === "stream" &&
      next.output.name === frame.output.name &&
      next.executionId === frame.executionId;
    if (goes) continue;
    result.push({ executionId: frame.executionId, output: { ...frame.output, text: texts.join("") } });
    texts = [];
  }
  return result;
}
