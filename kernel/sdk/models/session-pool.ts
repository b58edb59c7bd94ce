import type { OpenNetwork } from "../../protocol/cell-context.ts";
import { cellContext } from "../host.ts";
import type { EngineSession } from "../onnx/index.ts";
import { hardware } from "./hardware.ts";

interface Entry {
  readonly session: Promise<EngineSession>;
  readonly bytes: number;
  readonly label: NetworkLabel;
  users: number;
}

/** What people call a network. */
export type NetworkLabel = Pick<OpenNetwork, "model" | "part">;

/**
 * Keeps networks open between calls, within a budget of memory. What was used longest ago is closed first; what is in use stays.
 */
export class SessionPool {
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: (open: readonly OpenNetwork[]) => void;
  /** Bytes of weights that may stay open. */
  readonly budget: number;

  /**
   * @param budget default: half of the machine's memory
   * @param onChange hears of the open networks whenever one was opened or closed
   */
  constructor(budget: number = hardware().memory / 2, onChange: (open: readonly OpenNetwork[]) => void = () => {}) {
    this.budget = budget;
    this.#onChange = onChange;
  }

  /** The open networks, the one used longest ago first. */
  get open(): OpenNetwork[] {
    return [...this.#entries.values()].map(({ label, bytes }) => ({ ...label, bytes }));
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
   * @param label what people call it; default: its key
   */
  async use<T>(
    key: string,
    bytes: number,
    open: () => Promise<EngineSession>,
    body: (session: EngineSession) => Promise<T>,
    label: NetworkLabel = { model: key, part: "" },
  ): Promise<T> {
    const known = this.#entries.get(key);
    const entry = known ?? { session: open(), bytes, label, users: 0 };
    entry.users++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      const session = await entry.session.catch((error: unknown) => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        throw error;
      });
      await this.#makeRoom();
      if (!known) this.#onChange(this.open);
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
  shared ??= new SessionPool(undefined, (open) => cellContext().networks?.(open));
  return shared;
}
