import type { SessionEvent } from "../protocol/messages.ts";
import type { Json, Message } from "./wire.ts";

type Question = Extract<SessionEvent, { type: "ask" }>;

/** What a question needs of its surroundings. */
export interface QuestionsOptions {
  /** Sends an `input_request` to the client that sent `to`. */
  readonly request: (to: Message, content: object) => void;
  /** Hands the answer to the cell; `null` and a reason when there is none. */
  readonly answer: (questionId: string, text: string | null, reason?: string) => void;
}

interface Asked {
  readonly question: Question;
  readonly to: Message;
}

/** Questions of cells to the person at the client, on the stdin channel: one at a time, because answers do not say what they answer. */
export class Questions {
  readonly #options: QuestionsOptions;
  #waiting: Asked[] = [];

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Asks the client whose request runs the cell, after what is being asked already. */
  ask(question: Question, to: Message): void {
    this.#waiting.push({ question, to });
    if (this.#waiting.length === 1) this.#request();
  }

  /** Takes the answer to the question that was asked last. */
  reply({ value }: Json): void {
    const asked = this.#waiting.shift();
    if (!asked) return;
    if (typeof value === "string") this.#options.answer(asked.question.questionId, value);
    else this.#options.answer(asked.question.questionId, null, "the client sent no text");
    this.#request();
  }

  /** Gives up what is being asked. */
  clear(reason: string): void {
    for (const { question } of this.#waiting.splice(0)) this.#options.answer(question.questionId, null, reason);
  }

  #request(): void {
    const [next] = this.#waiting;
    if (!next) return;
    const { kind, message } = next.question;
    const prompt = kind === "confirm" ? `${message} [y/n] ` : `${message} `;
    this.#options.request(next.to, { prompt, password: kind === "secret" });
  }
}
