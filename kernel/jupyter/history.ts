import type { EarlierCells } from "./earlier-cells.ts";
import type { Json } from "./wire.ts";

interface Entry {
  /** The number of the session in its store. */
  readonly session: number;
  /** The number of the cell in its session, from 1. */
  readonly line: number;
  readonly input: string;
  /** What the cell gave, as text. */
  readonly output: () => string | null;
}

/** Executions of this run of the kernel that are remembered, and entries that are given at most. */
const longest = 10_000;

/** What was executed in this run of the kernel and, as far as records tell, in earlier sessions of the same store, for the history of consoles. */
export class History {
  #own: Omit<Entry, "session">[] = [];
  readonly #earlier: () => Promise<EarlierCells>;

  /** `earlier` opens the records for one answer. */
  constructor(earlier: () => Promise<EarlierCells>) {
    this.#earlier = earlier;
  }

  /** Notes an execution and returns a function that notes its result. */
  add(line: number, input: string): (output: string) => void {
    let output: string | null = null;
    this.#own.push({ line, input, output: () => output });
    if (this.#own.length > longest * 1.1) this.#own = this.#own.slice(-longest);
    return (text) => {
      output = text;
    };
  }

  /** The list that a `history_request` asks for: `tail`, `range` or `search`; of each entry session, line, and the input or both input and output. */
  async answer(asked: Json): Promise<unknown[]> {
    using earlier = await this.#earlier();
    const found = asked.hist_access_type === "range" ? this.#range(asked, earlier) : this.#latest(asked, earlier);
    return found.map(({ session, line, input, output }) => [
      session,
      line,
      asked.output === true ? [input, output()] : input,
    ]);
  }

  /** Session 0 is the current one, also in what is given, as clients know it of IPython; -1 is the one before it; others count from the first of the store. */
  #range({ session, start, stop }: Json, earlier: EarlierCells): Entry[] {
    const current = earlier.sessions + 1;
    const asked = typeof session !== "number" ? current : session > 0 ? session : current + session;
    const from = typeof start === "number" ? start : 0;
    const to = typeof stop === "number" && stop !== 0 ? stop : Number.POSITIVE_INFINITY;
    return this.#of(asked, earlier)
      .filter(({ line }) => line >= from && line < to)
      .slice(-longest)
      .map((entry) => (asked === current ? { ...entry, session: 0 } : entry));
  }

  /** The latest `n`, or those of them that match a pattern. */
  #latest({ hist_access_type: kind, n, pattern, unique }: Json, earlier: EarlierCells): Entry[] {
    const limit = typeof n === "number" && n >= 0 ? Math.min(n, longest) : longest;
    const matches = globPattern(kind === "search" && typeof pattern === "string" ? pattern : "*");
    const seen = new Set<string>();
    const found: Entry[] = [];
    for (let session = earlier.sessions + 1; session > 0 && found.length < limit; session--)
      for (const entry of this.#of(session, earlier).reverse()) {
        if (found.length === limit) break;
        if (!matches.test(entry.input) || (unique === true && seen.has(entry.input))) continue;
        seen.add(entry.input);
        found.push(entry);
      }
    return found.reverse();
  }

  /** The entries of the session with a number. */
  #of(session: number, earlier: EarlierCells): Entry[] {
    if (session === earlier.sessions + 1) return this.#own.map((entry) => ({ session, ...entry }));
    return earlier.cells(session).map(({ id, source }, at) => ({
      session,
      line: at + 1,
      input: source,
      output: () => earlier.result(id),
    }));
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
