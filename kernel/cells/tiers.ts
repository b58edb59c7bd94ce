import { setFlagsFromString } from "node:v8";

/**
 * Cells are new code all the time, and what reads them has to be fast early: V8 uses its quick optimizer (Maglev) after 60 calls of a
 * function instead of 400. A V8 that does not know the flag ignores it.
 */
setFlagsFromString("--invocation-count-for-maglev=60");

/** What V8 has by itself: about the bytes of a WebAssembly function that run before it is optimized. */
const usualBudget = 13_000_000;
let stripperLoaded = false;

/**
 * Runs what strips types. Node's stripper is a WebAssembly program: V8 would spend a second of processor time in the background on
 * optimizing it, which makes it no faster. Other WebAssembly is left as it is.
 */
export function withStripper<Result>(strip: () => Result): Result {
  if (stripperLoaded) return strip();
  stripperLoaded = true;
  setFlagsFromString(`--wasm-tiering-budget=${2 ** 31 - 1}`);
  try {
    return strip();
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${usualBudget}`);
  }
}
