import { keepCompiled } from "./protocol/compile-cache.ts";
import { startAhead } from "./session/cell-spawn.ts";

/** The session process on stdio. The cell process is started first, so that the two load side by side. */
keepCompiled();
startAhead();
await import("./session-server.ts");
