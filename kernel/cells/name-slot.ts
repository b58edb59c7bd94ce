import { fstatSync, writeSync } from "node:fs";
import type { NamesOfCell } from "../protocol/messages.ts";
import { nameSlot } from "../protocol/name-slot.ts";
import { writeFrame } from "./frames.ts";

// Taken here, so that cells may replace the globals without harm.
const { stringify } = JSON;
const { from } = Buffer;
const writeBytes = writeSync;

/** Whether the session gave the process a file. */
const isThere = hasFile();

/** Tells the session what names a cell uses, before it runs, and without waking it. */
export function tellNames(names: NamesOfCell): void {
  if (!isThere || !wrote(from(`${stringify(names)}\n`))) writeFrame(names);
}

/** A disk may be full, and a cell may have closed the file. */
function wrote(line: Buffer): boolean {
  try {
    return writeBytes(nameSlot, line, 0, line.length, 0) === line.length;
  } catch {
    return false;
  }
}

function hasFile(): boolean {
  try {
    return fstatSync(nameSlot).isFile();
  } catch {
    return false;
  }
}
