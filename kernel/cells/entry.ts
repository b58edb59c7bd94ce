import { keepCompiled } from "../protocol/compile-cache.ts";

/** The process in which the cells of one notebook run. */
keepCompiled();
await import("./serve.ts");
