import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { hashOf } from "../../store/canonical.ts";
import { type AssayError, problem } from "../errors.ts";
import { readBytes } from "../media/index.ts";
import { type Fields, fields } from "./sources/index.ts";

/** Sidecars larger than this are not read. */
const maxBytes = 1_000_000;

/** The record that describes an image. */
export interface Sidecar {
  readonly file: string;
  readonly sha256: string;
  readonly record: Fields;
}

/** A sidecar, or why there is none. */
export type SidecarReading = { readonly sidecar: Sidecar } | { readonly problem: AssayError };

/** Finds `cat.json` or `cat.jpg.json` beside `cat.jpg`. @param resolve gives the absolute path of a name, or null when it leads outside. */
export async function readSidecar(imageId: string, resolve: (id: string) => string | null): Promise<SidecarReading> {
  const plain = `${imageId.slice(0, imageId.length - extname(imageId).length)}.json`;
  for (const id of [`${imageId}.json`, plain]) {
    const path = resolve(id);
    if (path === null || !existsSync(path)) continue;
    return parseSidecar(imageId, id, await readBytes(path, id, maxBytes).catch((error: AssayError) => error));
  }
  return { problem: problem.sidecarMissing(imageId, basename(plain)) };
}

function parseSidecar(imageId: string, id: string, bytes: Buffer | AssayError): SidecarReading {
  if (!Buffer.isBuffer(bytes))
    return { problem: problem.sidecarUnreadable(imageId, `${basename(id)}: ${bytes.reason}`) };
  try {
    const record = fields(JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, "")));
    if (!record) return { problem: problem.sidecarUnreadable(imageId, `${basename(id)} holds no JSON object`) };
    return { sidecar: { file: id, sha256: hashOf(bytes), record } };
  } catch {
    return { problem: problem.sidecarUnreadable(imageId, `${basename(id)} is no JSON`) };
  }
}

/** The text of `cat.txt` beside `cat.jpg`, as trainers keep captions; undefined without one. */
export async function readCaption(
  imageId: string,
  resolve: (id: string) => string | null,
): Promise<string | undefined> {
  const path = resolve(`${imageId.slice(0, imageId.length - extname(imageId).length)}.txt`);
  if (path === null || !existsSync(path)) return undefined;
  const text = await readFile(path, "utf8").catch(() => "");
  return text.slice(0, 4000).trim() || undefined;
}
