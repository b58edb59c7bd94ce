/**
 * Calls back once nothing has stirred for a while, or for too long something has. A timer that is set anew for each of many cells takes
 * longer than a look at the clock when it rings. It does not keep the process alive.
 */
export class PauseTimer {
  readonly #pause: number;
  readonly #ring: () => void;
  readonly #most: number;
  #timer: NodeJS.Timeout | undefined;
  /** When something stirred first and last since it rang, by the clock of `performance`. */
  #since = 0;
  #stirred = 0;

  /**
   * @param pause milliseconds without a stir
   * @param most milliseconds that it waits for them, at most
   */
  constructor(pause: number, ring: () => void, most: number = Number.POSITIVE_INFINITY) {
    this.#pause = pause;
    this.#ring = ring;
    this.#most = most;
  }

  /** Something happens; the pause begins when it is over. */
  stir(): void {
    this.#stirred = performance.now();
    if (this.#timer) return;
    this.#since = this.#stirred;
    this.#wait(this.#pause);
  }

  /** It will not ring, unless something stirs again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), milliseconds).unref();
  }

  #look(): void {
    const now = performance.now();
    const left = Math.min(this.#stirred + this.#pause, this.#since + this.#most) - now;
    // Timers come up to a millisecond early.
    if (left > 1) return this.#wait(left);
    this.#timer = undefined;
    this.#ring();
  }
}
