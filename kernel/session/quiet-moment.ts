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
  let timer = setTimeout(resolve, quiet).unref();
  const last = setTimeout(resolve, most).unref();
  const end = () => {
    clearTimeout(timer);
    clearTimeout(last);
    resolve();
  };
  void promise.then(end);
  return {
    come: promise,
    busy() {
      clearTimeout(timer);
      timer = setTimeout(resolve, quiet).unref();
    },
    end,
  };
}
