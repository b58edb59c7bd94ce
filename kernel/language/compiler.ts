import { createRequire } from "node:module";
import type TS from "typescript";

/** The TypeScript compiler. It is required, not imported: Node then need not find out first what kind of module it is. */
export const ts: typeof TS = createRequire(import.meta.url)("typescript");
