import type { Media } from "../../protocol/media.ts";
import { cellContext } from "../host.ts";
import { keepArtifact } from "./keep-artifact.ts";

/** An output as a whole stays inline up to this many times the limit of one piece of media. */
const piecesPerOutput = 8;

/**
 * Decides for one output what stays inside it and what goes to the store by reference: a piece over the user's limit, and
 * everything once the output as a whole has grown too large.
 */
export class MediaBudget {
  readonly #limit: number;
  #spent = 0;

  constructor() {
    this.#limit = cellContext().inlineLimit;
  }

  /** The bytes inline in base64 (all of them, where the store cannot take any), or a reference to the artifact that now holds them. */
  place(bytes: Uint8Array, mime: string): Media {
    if (bytes.byteLength < this.#limit && this.#spent + bytes.byteLength <= this.#limit * piecesPerOutput) {
      this.#spent += bytes.byteLength;
      return { mime, base64: Buffer.from(bytes).toString("base64") };
    }
    const { ref, kept } = keepArtifact(bytes, mime);
    return kept ? ref : { mime, base64: Buffer.from(bytes).toString("base64") };
  }
}
