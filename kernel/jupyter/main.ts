import { keepCompiled } from "../protocol/compile-cache.ts";
import { startAhead } from "../session/cell-spawn.ts";

/** What a Jupyter client starts: `node jupyter.js CONNECTION_FILE`. The cell process is started first, so that the two load side by side. */
keepCompiled();
startAhead();
await import("./serve.ts");
