import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrameNames, NamesOfCell } from "../protocol/messages.ts";

/** The session's side of the file in which a cell process leaves the names of its running cell. */
export interface NameSlot {
  /** For the cell process to inherit. */
  readonly descriptor: number;
  /** The names of an execution, when they are what stands there. */
  read(executionId: string): FrameNames | undefined;
  close(): void;
}

/** Bytes that are read at first, and at most. */
const usual = 16_384;
const most = 64 * 1024 * 1024;

/** A file that has no name any more, so that nothing is left of it. Undefined where there can be none; then names come as frames. */
export function openNameSlot(): NameSlot | undefined {
  const path = join(tmpdir(), `assay-${randomUUID()}`);
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx+", 0o600);
  } catch {
    return undefined;
  }
  try {
    unlinkSync(path);
  } catch {
    // It stays until somebody clears the folder.
  }
  const bytes = Buffer.allocUnsafeSlow(usual);
  return {
    descriptor,
    read: (executionId) => namesIn(descriptor, bytes, executionId),
    close: () => closeSync(descriptor),
  };
}

function namesIn(descriptor: number, usually: Buffer, executionId: string): FrameNames | undefined {
  try {
    const found = JSON.parse(firstLine(descriptor, usually)) as NamesOfCell;
    const { reads, writes, later } = found.names;
    return found.executionId === executionId && [reads, writes, later].every(Array.isArray) ? found.names : undefined;
  } catch {
    // Nothing stands there yet, it is being written, or a cell wrote there.
    return undefined;
  }
}

function firstLine(descriptor: number, usually: Buffer): string {
  for (let size = usual; size <= most; size *= 8) {
    const bytes = size === usual ? usually : Buffer.allocUnsafe(size);
    const length = readSync(descriptor, bytes, 0, size, 0);
    const end = bytes.subarray(0, length).indexOf(10);
    if (end >= 0) return bytes.toString("utf8", 0, end);
    if (length < size) break;
  }
  return "";
}
