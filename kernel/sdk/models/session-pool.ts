import type { EngineSession } from "../onnx/index.ts";
import { hardware } from "./hardware.ts";

interface Entry {
  readonly session: Promise<EngineSession>;
  readonly bytes: number;
  users: number;
}

/**
 * Keeps networks open between calls, within a budget of memory. What was used longest ago is closed first; what is in use stays.
 */
export class SessionPool {
  readonly #entries = new Map<string, Entry>();
  /** Bytes of weights that may stay open. */
  readonly budget: number;

  /** @param budget default: half of the machine's memory */
  constructor(budget: number = hardware().memory / 2) {
    this.budget = budget;
  }

  /** Keys of the open networks, the one used longest ago first. */
  get keys(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Runs `body` with a network, opening it when it is not open.
   *
   * @param key names its content: model hash, part, LoRAs
   * @param bytes what its weights take in memory
   */
  async use<T>(
    key: string,
    bytes: number,
    open: () => Promise<EngineSession>,
    body: (session: EngineSession) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(key) ?? { session: open(), bytes, users: 0 };
    entry.users++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      const session = await entry.session.catch((error: unknown) => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        throw error;
      });
      await this.#makeRoom();
      return await body(session);
    } finally {
      entry.users--;
    }
  }

  async #makeRoom(): Promise<void> {
    let total = 0;
    for (const { bytes } of this.#entries.values()) total += bytes;
    for (const [key, entry] of this.#entries) {
      if (total <= this.budget) return;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      total -= entry.bytes;
      await (await entry.session)[Symbol.asyncDispose]();
    }
  }
}

let shared: SessionPool | undefined;

/** The pool that everything in this process shares. */
export function sharedSessions(): SessionPool {
  shared ??= new SessionPool();
  return shared;
}
