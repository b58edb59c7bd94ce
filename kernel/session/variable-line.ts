import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { VariableAnswer, VariableQuestion } from "../protocol/messages.ts";

/** Milliseconds after which an answer is not waited for any more. The thread that answers gives up earlier by itself. */
const patience = 3000;

/** Questions about variables to one cell process, and its answers: lines of JSON on a pipe. */
export class VariableLine {
  readonly #pipe: Duplex;
  readonly #waiting = new Map<number, (answer: VariableAnswer) => void>();
  #rest = "";

  constructor(pipe: Duplex) {
    this.#pipe = pipe;
    const decoder = new StringDecoder("utf8");
    pipe.on("data", (chunk: Buffer) => this.#read(decoder.write(chunk)));
  }

  /** Resolves to `busy` when the process does not answer, or ends. */
  ask(question: VariableQuestion): Promise<VariableAnswer> {
    const { id } = question;
    const { promise, resolve } = Promise.withResolvers<VariableAnswer>();
    const timer = setTimeout(() => this.#settle({ id, failed: "busy" }), patience);
    this.#waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    this.#pipe.write(`${JSON.stringify(question)}\n`);
    return promise;
  }

  close(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle({ id, failed: "busy" });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      try {
        this.#settle(JSON.parse(line) as VariableAnswer);
      } catch {
        // A process in which cells do as they like: a line that cannot be read is no answer.
      }
    }
  }

  #settle(answer: VariableAnswer): void {
    this.#waiting.get(answer?.id)?.(answer);
    this.#waiting.delete(answer?.id);
  }
}
