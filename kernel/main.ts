import { startAhead } from "./session/cell-spawn.ts";

/** The session process on stdio. The cell process is started first, so that the two load side by side. */
startAhead();
await import("./session-server.ts");
