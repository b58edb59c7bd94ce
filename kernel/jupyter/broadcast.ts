import type { Wire } from "./wire.ts";

/** The part of ZeroMQ's XPUB socket that a broadcast needs. */
export interface PublishingSocket {
  /** False: what a client does not take in time is lost to it. True, as at the beginning: sending fails with `EAGAIN` instead. */
  noDrop: boolean;
  send(frames: (Buffer | string)[]): Promise<void>;
}

type Frames = (Buffer | string)[];

interface Waiting {
  /** A message, or the parts of a stream's text, joined with what follows them. */
  readonly message: Frames | Text;
  length: number;
}

interface Text {
  readonly name: "stdout" | "stderr";
  readonly parent: string;
  readonly texts: string[];
}

/** Characters that may wait for slow clients, before the cells have to wait. */
const unread = 8_000_000;
/** Milliseconds between two messages with text: what a cell writes meanwhile comes in one, unless it has more than so many characters. */
const gathering = 5;
const gathered = 100_000;
/** Milliseconds between attempts to reach a client that does not read. */
const retryDelay = 2;

/** Settings of a broadcast. */
export interface BroadcastOptions {
  /** Starts every topic. */
  readonly topic: string;
  /** Called with true when clients read too slowly, and with false when they have caught up. */
  readonly onSlow: (slow: boolean) => void;
  /** Milliseconds that a client may leave everything unread, before it loses what it does not take. Default 20,000. */
  readonly patience?: number;
}

/**
 * What every client hears: status, output, input, on the IOPub channel, in order. Nothing is lost as long as clients read; text of
 * one cell that has to wait becomes one message. A client that reads nothing for a long time no longer holds up the others.
 */
export class Broadcast {
  readonly #socket: PublishingSocket;
  readonly #wire: Wire;
  readonly #options: BroadcastOptions;
  readonly #queue: Waiting[] = [];
  #length = 0;
  #slow = false;
  /** False while clients lose what they do not take. */
  #patient = true;
  #sending = false;
  /** When text was last sent, by the clock of `performance`. */
  #textSent = Number.NEGATIVE_INFINITY;
  /** Ends the wait for more text. */
  #hurry = () => {};
  #idle: (() => void)[] = [];

  constructor(socket: PublishingSocket, wire: Wire, options: BroadcastOptions) {
    this.#socket = socket;
    this.#wire = wire;
    this.#options = options;
  }

  /** Sends a message to all. `parent` is the header of the request that it belongs to, as JSON text. */
  publish(type: string, content: object, parent: string, metadata: object = {}): void {
    const text = JSON.stringify(content);
    this.#add({ message: this.#message(type, text, parent, metadata), length: text.length });
  }

  /** Sends text that a cell wrote. */
  stream(name: "stdout" | "stderr", text: string, parent: string): void {
    const last = this.#queue.at(-1);
    if (!last || !isText(last.message) || last.message.name !== name || last.message.parent !== parent)
      return this.#add({ message: { name, parent, texts: [text] }, length: text.length });
    last.message.texts.push(text);
    last.length += text.length;
    if (last.length > gathered) this.#hurry();
    this.#grow(text.length);
  }

  /** Says whether the kernel works on the request with this header. */
  status(state: "starting" | "busy" | "idle", parent: string): void {
    this.publish("status", { execution_state: state }, parent);
  }

  /** A client that came is worth waiting for, whatever the others did. */
  joined(): void {
    this.#wait(true);
  }

  /** Resolves when nothing waits, or after `timeout` milliseconds. */
  async flushed(timeout: number): Promise<void> {
    if (!this.#sending) return;
    this.#hurry();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    const timer = setTimeout(resolve, timeout);
    await promise;
    clearTimeout(timer);
  }

  #add(message: Waiting): void {
    this.#queue.push(message);
    this.#hurry();
    this.#grow(message.length);
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    // What is said in one go leaves together: ZeroMQ's thread is woken once for it.
    await undefined;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const { message } = next;
      if (isText(message) && this.#queue.length === 1) await this.#moreText();
      this.#queue.shift();
      const frames = isText(message) ? this.#textMessage(message) : message;
      try {
        await this.#socket.send(frames);
      } catch (error) {
        await this.#insist(frames, error);
      }
      if (isText(message)) this.#textSent = performance.now();
      this.#grow(-next.length);
    }
    this.#sending = false;
    for (const done of this.#idle.splice(0)) done();
  }

  /** Waits a little after the last text. A message for each of many lines would keep a client busy, and the cells waiting. */
  async #moreText(): Promise<void> {
    const wait = this.#textSent + gathering - performance.now();
    if (wait <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    const timer = setTimeout(resolve, wait);
    await promise;
    clearTimeout(timer);
  }

  #message(type: string, content: string, parent: string, metadata?: object): Frames {
    return this.#wire.write(type, content, parent, [`${this.#options.topic}.${type}`], metadata);
  }

  #textMessage({ name, texts, parent }: Text): Frames {
    return this.#message("stream", JSON.stringify({ name, text: texts.join("") }), parent);
  }

  /** Goes on trying to send what could not be sent. */
  async #insist(frames: Frames, failure: unknown): Promise<void> {
    const end = performance.now() + (this.#options.patience ?? 20_000);
    for (let error = failure; ; ) {
      // A closed socket takes nothing any more.
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EAGAIN") return;
      if (performance.now() > end) this.#wait(false);
      await new Promise((retry) => setTimeout(retry, retryDelay));
      try {
        return await this.#socket.send(frames);
      } catch (again) {
        error = again;
      }
    }
  }

  #wait(patient: boolean): void {
    if (patient === this.#patient) return;
    this.#patient = patient;
    this.#socket.noDrop = patient;
  }

  #grow(by: number): void {
    this.#length += by;
    const slow = this.#length > (this.#slow ? unread / 4 : unread);
    if (slow === this.#slow) return;
    this.#slow = slow;
    this.#options.onSlow(slow);
  }
}

function isText(message: Frames | Text): message is Text {
  return "texts" in message;
}
