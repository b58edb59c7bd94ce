import { fstatSync, writeSync } from "node:fs";
import type { NamesOfCell } from "../protocol/messages.ts";
import { nameSlot } from "../protocol/name-slot.ts";
import { writeFrame } from "./frames.ts";

// Taken here, so that cells may replace the globals without harm.
const { stringify } = JSON;
const { byteLength } = Buffer;
const writeText = writeSync;

/** Whether the session gave the process a file. */
const isThere = hasFile();

/** Tells the session what names a cell uses, before it runs, and without waking it. */
export function tellNames(names: NamesOfCell): void {
  if (!isThere || !wrote(`${stringify(names)}\n`)) writeFrame(names);
}

/** A disk may be full, and a cell may have closed the file. */
function wrote(line: string): boolean {
  try {
    return writeText(nameSlot, line, 0) === byteLength(line);
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
