import { keepCompiled } from "../protocol/compile-cache.ts";

/** The program `assay`. */
keepCompiled();
await import("./index.ts");
