import { setFlagsFromString } from "node:v8";

/**
 * Cells are new code all the time, and what reads them has to be fast from the first on. V8 gathers types from the first call instead of
 * the ninth or so, and compiles the WebAssembly of the type stripper well after a few calls. A V8 that does not know a flag ignores it.
 */
setFlagsFromString("--no-lazy-feedback-allocation");
setFlagsFromString("--wasm-tiering-budget=100000");
