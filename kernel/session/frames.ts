import type { Frame } from "../protocol/messages.ts";

/** Frames longer than this mean that the pipe is out of step, not that a cell shows so much. */
const longest = 2 ** 31;

/**
 * Takes frames out of the bytes of the output pipe. Text that one cell writes in a row arrives as one frame, which spares
 * everyone behind the work of a hundred thousand small ones.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The frames that `chunk` completes, in order. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < 4) return [];
    if (this.#size < 4 + this.#nextLength()) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    const frames: Frame[] = [];
    let at = 0;
    while (at + 4 <= bytes.length) {
      const length = bytes.readUInt32LE(at);
      if (at + 4 + length > bytes.length) break;
      frames.push(JSON.parse(bytes.toString("utf8", at + 4, at + 4 + length)) as Frame);
      at += 4 + length;
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
    return joined(frames);
  }

  #nextLength(): number {
    const head = Buffer.concat(this.#chunks[0]!.length >= 4 ? [this.#chunks[0]!] : this.#chunks).subarray(0, 4);
    const length = head.readUInt32LE(0);
    if (length > longest) throw new Error("the output pipe of the cell process is out of step");
    return length;
  }
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
