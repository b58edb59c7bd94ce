import { setFlagsFromString } from "node:v8";

/**
 * Cells are new code all the time, and what reads them has to be fast from the first on. V8 gathers types from the first call instead of
 * the ninth or so, compiles with its quick optimizer (Maglev) after 60 calls instead of 400, and compiles the WebAssembly of the type
 * stripper well after a few. A V8 that does not know a flag ignores it.
 */
for (const flag of [
  "--no-lazy-feedback-allocation",
  "--invocation-count-for-maglev=60",
  "--wasm-tiering-budget=100000",
])
  setFlagsFromString(flag);
