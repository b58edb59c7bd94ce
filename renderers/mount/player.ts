/**
 * A film or recording that is sent from place to place. A seek waits until the one before it has ended, and only the latest is kept:
 * Chromium at times never ends a seek that another one overtakes, and what is played stands still for good.
 */
export class Player<E extends HTMLMediaElement = HTMLMediaElement> {
  readonly element: E;
  /** Where it goes once the seek has ended that is under way, in seconds. */
  #next: number | undefined;

  constructor(element: E) {
    this.element = element;
    element.addEventListener("seeked", () => {
      // It may tell of a seek after which another one has begun already.
      if (element.seeking || this.#next === undefined) return;
      const next = this.#next;
      this.#next = undefined;
      if (next !== element.currentTime) element.currentTime = next;
    });
  }

  /** Where it is or is about to be, in seconds. */
  get time(): number {
    return this.#next ?? this.element.currentTime;
  }

  /** Sends it to a place in seconds, or to its end if that comes before. */
  seek(time: number): void {
    const { duration, seeking } = this.element;
    // A length that is not known yet is no number.
    const place = duration < time ? duration : time;
    this.#next = seeking ? place : undefined;
    if (!seeking) this.element.currentTime = place;
  }
}
