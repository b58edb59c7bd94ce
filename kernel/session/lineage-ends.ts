/** Ends that are kept apart from the others before those are looked through. */
const portion = 500;

/**
 * The executions that no other depends on so far. A long session has thousands of them, and hardly ever asks. So those of which it is sure that
 * none will depend on them are kept as bare text, a third of the size.
 */
export class LineageEnds {
  readonly #open = new Map<string, number>();
  /** Lines of place and id. */
  #final: string[] = [];
  #limit = portion;
  readonly #mayBeReached: () => ReadonlySet<string>;

  /** @param mayBeReached the executions that a later one may still depend on, without depending on all */
  constructor(mayBeReached: () => ReadonlySet<string>) {
    this.#mayBeReached = mayBeReached;
  }

  /** Adds an execution and tells in which place it ran. */
  add(id: string, at: number): void {
    this.#open.set(id, at);
    if (this.#open.size > this.#limit) this.#settle();
  }

  /** Takes out an execution that another depends on now. */
  delete(id: string): void {
    this.#open.delete(id);
  }

  /** Takes out all, in the order in which they ran. */
  takeAll(): string[] {
    const lines = this.#final.flatMap((text) => text.split("\n"));
    const final = lines.map((line) => {
      const space = line.indexOf(" ");
      return [line.slice(space + 1), Number(line.slice(0, space))] as const;
    });
    const all = [...final, ...this.#open];
    this.#final = [];
    this.#open.clear();
    return all.sort(([, a], [, b]) => a - b).map(([id]) => id);
  }

  #settle(): void {
    const reached = this.#mayBeReached();
    const final = [...this.#open].filter(([id]) => !reached.has(id));
    for (const [id] of final) this.#open.delete(id);
    if (final.length > 0) this.#final.push(final.map(([id, at]) => `${at} ${id}`).join("\n"));
    this.#limit = this.#open.size + portion;
  }
}
