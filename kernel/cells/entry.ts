import { keepCompiled } from "../protocol/compile-cache.ts";

/** What a session starts for the cells of its notebook. */
keepCompiled();
await import("./serve.ts");
