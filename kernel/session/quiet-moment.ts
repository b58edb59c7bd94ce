import { PauseTimer } from "./pause-timer.ts";

/** Work that waits until cells leave it room. */
export interface QuietMoment {
  /** Resolves once nothing happened for a while, or it has waited long enough. */
  readonly come: Promise<void>;
  /** Something happens. */
  busy(): void;
  /** Does not wait any longer. */
  end(): void;
}

/** Waits until nothing has happened for `quiet` milliseconds, but not longer than `most`. */
export function quietMoment(quiet: number, most: number): QuietMoment {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = new PauseTimer(quiet, resolve, most);
  let over = false;
  timer.stir();
  void promise.then(() => {
    over = true;
    timer.stop();
  });
  return {
    come: promise,
    busy() {
      if (!over) timer.stir();
    },
    end: resolve,
  };
}
