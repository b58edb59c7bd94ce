import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactRef } from "../protocol/media.ts";
import { hashOf } from "./canonical.ts";
import { makeStore } from "./location.ts";
import { explained, storeProblem } from "./problems.ts";

export interface PutOptions {
  /** Waits until the bytes are on the disk, so that a power cut cannot lose them. Default true. */
  readonly durable?: boolean;
}

/**
 * Bytes kept by content: `artifacts/<first 2 hex>/<sha256>`. A file is written under a temporary name, synced and renamed, so that
 * a reader sees all of it or nothing, and any number of processes may put the same bytes at once. Uses no database.
 */
export interface Artifacts {
  /** The `artifacts` folder. */
  readonly folder: string;
  /** Keeps bytes, or all that a stream yields. Throws an `AssayError` (`store.full`, `store.readonly`) and leaves nothing behind. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, mime: string, options?: PutOptions): Promise<ArtifactRef>;
  /** As `put`, for bytes at hand in code that cannot wait. */
  putSync(bytes: Uint8Array, mime: string, options?: PutOptions): ArtifactRef;
  /** The bytes. Throws `artifact.missing`, and `artifact.corrupt` unless `verify` is false. */
  get(sha256: string, options?: { readonly verify?: boolean }): Buffer;
  has(sha256: string): boolean;
  /** Where the file lies or would lie. */
  path(sha256: string): string;
  /** Reads all of a file in pieces and tells whether its bytes are those that its name promises. */
  verify(sha256: string): Promise<"sound" | "missing" | "corrupt">;
}

/** The artifacts of a store folder. Makes no folder before the first `put`. */
export function openArtifacts(storeFolder: string): Artifacts {
  const folder = join(storeFolder, "artifacts");
  const path = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  const kept = (sha256: string, bytes: number) => statSync(path(sha256), { throwIfNoEntry: false })?.size === bytes;

  /** A temporary file in a folder of its own, so that `artifacts/<2 hex>` holds whole files only. */
  const temporary = () => {
    makeStore(storeFolder);
    const shelf = join(folder, "tmp");
    mkdirSync(shelf, { recursive: true });
    return join(shelf, `${process.pid}-${randomBytes(8).toString("hex")}`);
  };

  const putSync: Artifacts["putSync"] = (bytes, mime, { durable = true } = {}) => {
    const ref = { sha256: hashOf(bytes), bytes: bytes.byteLength, mime };
    if (kept(ref.sha256, ref.bytes)) return ref;
    let temp: string | undefined;
    try {
      temp = temporary();
      const file = openSync(temp, "wx");
      try {
        let written = 0;
        while (written < bytes.byteLength) written += writeSync(file, bytes, written);
        if (durable) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      const target = path(ref.sha256);
      mkdirSync(join(folder, ref.sha256.slice(0, 2)), { recursive: true });
      try {
        renameSync(temp, target);
      } catch (error) {
        if (!kept(ref.sha256, ref.bytes)) throw error;
        rmSync(temp, { force: true });
      }
      return ref;
    } catch (error) {
      if (temp !== undefined) rmSync(temp, { force: true });
      throw explained(error, folder);
    }
  };

  const putStream = async (pieces: AsyncIterable<Uint8Array>, mime: string, durable: boolean): Promise<ArtifactRef> => {
    let temp: string | undefined;
    try {
      temp = temporary();
      const hash = createHash("sha256");
      let bytes = 0;
      const file = await open(temp, "wx");
      try {
        for await (const piece of pieces) {
          hash.update(piece);
          bytes += piece.byteLength;
          await file.writeFile(piece);
        }
        if (durable) await file.sync();
      } finally {
        await file.close();
      }
      const ref = { sha256: hash.digest("hex"), bytes, mime };
      if (!kept(ref.sha256, bytes)) {
        await mkdir(join(folder, ref.sha256.slice(0, 2)), { recursive: true });
        await rename(temp, path(ref.sha256)).catch((error: unknown) => {
          if (!kept(ref.sha256, bytes)) throw error;
        });
      }
      await rm(temp, { force: true });
      return ref;
    } catch (error) {
      if (temp !== undefined) await rm(temp, { force: true });
      throw explained(error, folder);
    }
  };

  const get: Artifacts["get"] = (sha256, { verify = true } = {}) => {
    if (!existsSync(path(sha256))) throw storeProblem.artifactMissing(sha256, folder);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path(sha256));
    } catch (error) {
      throw explained(error, path(sha256));
    }
    if (verify && hashOf(bytes) !== sha256) throw storeProblem.artifactCorrupt(path(sha256));
    return bytes;
  };

  return {
    folder,
    path,
    get,
    putSync,
    put: async (content, mime, { durable = true } = {}) =>
      content instanceof Uint8Array ? putSync(content, mime, { durable }) : putStream(content, mime, durable),
    has: (sha256) => existsSync(path(sha256)),
    verify: async (sha256) => {
      if (!existsSync(path(sha256))) return "missing";
      const hash = createHash("sha256");
      for await (const piece of createReadStream(path(sha256))) hash.update(piece as Uint8Array);
      return hash.digest("hex") === sha256 ? "sound" : "corrupt";
    },
  };
}

/** Removes what writers that were killed left under temporary names: files untouched for ten minutes whose process is gone. */
export function sweepTemporary(storeFolder: string, now: number = Date.now()): void {
  const shelf = join(storeFolder, "artifacts", "tmp");
  for (const name of existsSync(shelf) ? readdirSync(shelf) : []) {
    const file = join(shelf, name);
    const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > 600_000 && !isRunning(Number.parseInt(name, 10))) rmSync(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
