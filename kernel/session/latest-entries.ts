/** A map that keeps only what was set or asked for last. */
export class LatestEntries<V> {
  readonly #entries = new Map<string, V>();
  readonly #most: number;
  /** What was set or asked for last: it is in its place. */
  #newest: string | undefined;

  /** @param most how many entries are kept */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && key !== this.#newest) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    if (key !== this.#newest) this.#entries.delete(key);
    this.#newest = key;
    this.#entries.set(key, value);
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value!);
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = undefined;
  }
}
