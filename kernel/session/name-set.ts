/** A set of variables, each known by its number: one bit each, so that joining the sets of long chains of cells stays cheap. */
export class NameSet {
  #words: Uint32Array;

  constructor(words = new Uint32Array(1)) {
    this.#words = words;
  }

  has(name: number): boolean {
    return ((this.#words[name >>> 5] ?? 0) & (1 << (name & 31))) !== 0;
  }

  add(name: number): void {
    const at = name >>> 5;
    this.#fit(at + 1);
    this.#words[at]! |= 1 << (name & 31);
  }

  /** Adds all of another set. Returns whether there was anything new. */
  join(other: NameSet): boolean {
    this.#fit(other.#words.length);
    let grew = 0;
    for (const [at, word] of other.#words.entries()) {
      const own = this.#words[at]!;
      grew |= word & ~own;
      this.#words[at] = own | word;
    }
    return grew !== 0;
  }

  #fit(length: number): void {
    if (length <= this.#words.length) return;
    const wider = new Uint32Array(length);
    wider.set(this.#words);
    this.#words = wider;
  }
}
