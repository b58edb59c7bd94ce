import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/**
 * Writes a file so that a reader sees the old or the new content, never a part: under a temporary name, synced, renamed.
 * @param chunks the content in order; each is written before the next is asked for.
 */
export function writeAtomically(path: string, chunks: Iterable<Uint8Array>): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "w");
    try {
      for (const chunk of chunks) {
        for (let done = 0; done < chunk.length; )
          done += writeSync(file, chunk, done, Math.min(chunk.length - done, 1 << 30));
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
