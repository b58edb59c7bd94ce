import { closeSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, join, normalize, posix, win32 } from "node:path";
import { problem } from "../errors.ts";
import type { ReadExternal } from "./tensor-proto.ts";

/**
 * Reads tensors stored beside a model, in files that the model names. A location that leads out of the model's folder is
 * refused, as is a file that is missing or too short; the bytes themselves are read when they are first needed.
 *
 * @param modelName how messages name the model.
 * @param folder the model's folder, or undefined for a model that came as bytes.
 */
export function externalReader(modelName: string, folder: string | undefined): ReadExternal {
  return (entries, bytes) => {
    const location = entries.get("location") ?? "";
    if (folder === undefined) throw problem.modelNeedsFolder(modelName, location);
    const path = join(folder, safeLocation(modelName, location));
    const offset = Number(entries.get("offset") ?? 0);
    const length = Number(entries.get("length") ?? bytes);
    if (length !== bytes)
      throw problem.corruptModel(modelName, `${location} holds ${length} bytes for a tensor of ${bytes}`);
    const available = statSync(path, { throwIfNoEntry: false })?.size;
    if (available === undefined) throw problem.modelDataMissing(modelName, location);
    if (!(offset >= 0) || available < offset + length) {
      throw problem.corruptModel(
        modelName,
        `${location} ends at byte ${available}, but the weights reach to byte ${offset + length}`,
      );
    }
    return () => readRange(path, offset, length);
  };
}

/** A relative path below the model's folder, or a problem. */
function safeLocation(modelName: string, location: string): string {
  const parts = location.split(/[\\/]/);
  const escapes =
    location === "" ||
    location.includes("\0") ||
    parts.includes("..") ||
    [isAbsolute, posix.isAbsolute, win32.isAbsolute].some((test) => test(location));
  if (escapes) throw problem.modelDataEscapes(modelName, location);
  return normalize(location);
}

function readRange(path: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const file = openSync(path, "r");
  try {
    for (let done = 0; done < length; ) {
      const read = readSync(file, bytes, done, Math.min(length - done, 1 << 30), offset + done);
      if (read === 0) throw new RangeError(`${path} ended early`);
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}
