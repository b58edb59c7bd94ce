import { setFlagsFromString } from "node:v8";

/**
 * Cells are new code all the time, and what reads them has to be fast early: V8 uses its quick optimizer (Maglev) after 60 calls of a
 * function instead of 400. A V8 that does not know the flag ignores it.
 */
setFlagsFromString("--invocation-count-for-maglev=60");
