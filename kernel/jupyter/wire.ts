import { timingSafeEqual } from "node:crypto";
import { type Sign, signer } from "./signature.ts";

/** Version of the Jupyter messaging protocol that is spoken here. */
export const protocolVersion = "5.4";

/** Stands between the routing ids and the message. */
const delimiter = Buffer.from("<IDS|MSG>");

/** JSON objects as messages carry them. */
export type Json = Readonly<Record<string, unknown>>;

/** A message from a client, its signature checked. */
export interface Message {
  /** The way back to the client that sent it. */
  readonly identities: readonly Buffer[];
  readonly type: string;
  /** Its header as JSON text: what answers it carries the same text as parent. */
  readonly header: string;
  readonly metadata: Json;
  readonly content: Json;
}

/** Why bytes are no message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Parent of what no request caused. */
export const noParent = "{}";

/** Turns messages into frames and back, and signs them, for one connection. */
export class Wire {
  /** Undefined where messages carry no signature. */
  readonly #sign: Sign | undefined;
  readonly #session: string;
  /** What all headers have in common. */
  readonly #sender: string;
  #sent = 0;

  /** `session` names this run of the kernel; every message id starts with it. */
  constructor({ key, hash }: { readonly key: string; readonly hash: string }, session: string) {
    this.#sign = signer(key, hash);
    this.#session = session;
    this.#sender = JSON.stringify({ session, username: "assay", version: protocolVersion }).slice(1, -1);
  }

  /** Reads the frames of a message. Throws a {@link WireError} when they are not one, or not signed with the key. */
  read(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    const [signature, header, parent, metadata, content] = frames.slice(at + 1);
    if (at < 0 || !signature || !header || !parent || !metadata || !content)
      throw new WireError(`${frames.length} frames are no message`);
    if (this.#sign) {
      const expected = Buffer.from(this.#sign([header, parent, metadata, content]));
      if (expected.length !== signature.length || !timingSafeEqual(expected, signature))
        throw new WireError("the signature is wrong");
    }
    const head = header.toString("utf8");
    const { msg_type: type } = object(head, "header");
    if (typeof type !== "string") throw new WireError("the header has no msg_type");
    return {
      identities: frames.slice(0, at),
      type,
      header: head,
      metadata: object(metadata.toString("utf8"), "metadata"),
      content: object(content.toString("utf8"), "content"),
    };
  }

  /** The frames of a message. `content` and `parent` (the header of what caused it) are JSON text; `identities` route it, or name its topic. */
  write(
    type: string,
    content: string,
    parent: string,
    identities: readonly (Buffer | string)[],
    metadata: object = {},
  ): (Buffer | string)[] {
    // None of these needs escaping. Several headers are written for each cell.
    const header = `{"msg_id":"${this.#session}_${++this.#sent}","msg_type":"${type}",${this.#sender},"date":"${new Date().toISOString()}"}`;
    const parts = [header, parent, JSON.stringify(metadata), content];
    return [...identities, delimiter, this.#sign?.(parts) ?? "", ...parts];
  }
}

function object(text: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WireError(`the ${what} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError(`the ${what} is no object`);
  return value as Json;
}
