import process from "node:process";
import type { CellCommand } from "../protocol/messages.ts";
import { CellProcess } from "./cell-process.ts";
import { helpersStandBack } from "./helper-threads.ts";
import { listenForInterrupts } from "./interrupt.ts";
import { warmUp } from "./warm-up.ts";

/**
 * The process in which the cells of one notebook run. The first message tells which notebook; the process may be started before that
 * is known, and then loads what every cell needs.
 */
if (!process.send) throw new Error("The cell process is started by a session");
let cells: CellProcess | undefined;
const first = (command: CellCommand) => {
  if (command.type !== "open") return;
  process.off("message", first);
  cells = new CellProcess(command.settings);
  cells.listen();
};
process.on("message", first);
process.on("disconnect", () => process.exit(0));
// Who started it may have gone while this was loading.
if (!process.connected) process.exit(0);
listenForInterrupts(
  (meant) => cells?.interrupt(meant),
  (meant) => cells?.stopped(meant),
);
helpersStandBack();
warmUp();
