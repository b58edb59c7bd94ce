/** Milliseconds of work before the page may draw and answer keys again. */
const slice = 12;
/** Elements between two looks at the clock. */
export const stride = 1024;

/** Divides long work into slices, so that scrolling goes on meanwhile. A newer job of the same table ends the older one. */
export class Pace {
  readonly #signal: AbortSignal;
  #until = performance.now() + slice;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time to {@link rest}. */
  get due(): boolean {
    return performance.now() > this.#until;
  }

  /** Lets the page draw. Throws an `AbortError` when the work is no longer wanted. */
  async rest(): Promise<void> {
    this.#signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    });
    this.#signal.throwIfAborted();
    this.#until = performance.now() + slice;
  }
}
