import type { Json } from "./wire.ts";

interface Entry {
  readonly count: number;
  readonly input: string;
  output: string | null;
}

/** Executions that are remembered. */
const longest = 10_000;

/** What was executed in this run of the kernel, for the history of consoles. There is one session in it: number 1. */
export class History {
  #entries: Entry[] = [];

  /** Notes an execution and returns a function that notes its result. */
  add(count: number, input: string): (output: string) => void {
    const entry: Entry = { count, input, output: null };
    this.#entries.push(entry);
    if (this.#entries.length > longest * 1.1) this.#entries = this.#entries.slice(-longest);
    return (output) => {
      entry.output = output;
    };
  }

  /** The list that a `history_request` asks for: `tail`, `range` or `search`. */
  answer(asked: Json): unknown[] {
    const found = this.#found(asked);
    return found.map(({ count, input, output }) => [1, count, asked.output === true ? [input, output] : input]);
  }

  #found({ hist_access_type: kind, n, session, start, stop, pattern, unique }: Json): Entry[] {
    const limit = typeof n === "number" && n >= 0 ? n : Number.POSITIVE_INFINITY;
    if (kind === "range") {
      // 0 is the current session, -1 the one before it.
      if (session !== undefined && session !== 0 && session !== 1) return [];
      const [from, to] = [
        typeof start === "number" ? start : 0,
        typeof stop === "number" ? stop : Number.POSITIVE_INFINITY,
      ];
      return this.#entries.filter(({ count }) => count >= from && count < to);
    }
    const entries = kind === "search" ? this.#matching(String(pattern ?? "*"), unique === true) : this.#entries;
    return limit === 0 ? [] : entries.slice(-limit);
  }

  #matching(pattern: string, unique: boolean): Entry[] {
    const matches = globPattern(pattern);
    const found = this.#entries.filter(({ input }) => matches.test(input));
    return unique ? [...new Map(found.map((entry) => [entry.input, entry])).values()] : found;
  }
}

/** `*` stands for any text, `?` for one character. */
function globPattern(glob: string): RegExp {
  const text = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, "su");
}
