import { open } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf } from "../../store/canonical.ts";
import { AssayError, problem } from "../errors.ts";
import { cellContext } from "../host.ts";

/** Where media come from: bytes, a path (a relative one starts at the notebook's folder), or a `file:` URL. */
export type MediaOrigin = Uint8Array | string | URL;

/** Media files larger than this are refused: nothing here could show them. */
const maxMediaBytes = 2 ** 30;

/** Reads a file of limited size. @throws AssayError `file.unreadable`, `file.too-large`. */
export async function readBytes(path: string, name: string, maxBytes: number): Promise<Buffer> {
  try {
    await using file = await open(path, "r");
    const stats = await file.stat();
    if (!stats.isFile()) throw problem.unreadableFile(name, "it is not an ordinary file");
    if (stats.size > maxBytes) throw problem.fileTooLarge(name, stats.size, maxBytes);
    return await file.readFile();
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw problem.unreadableFile(name, error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * The bytes of media, and what to call them in an error. A file that is read becomes an input of the cell's record.
 *
 * @throws AssayError `file.unreadable`, `file.too-large`; `media.remote` for an address on the web
 */
export async function readMedia(
  origin: MediaOrigin,
  what: string,
): Promise<{ readonly bytes: Uint8Array; readonly name: string; readonly path?: string }> {
  if (origin instanceof Uint8Array) return { bytes: origin, name: `${what} of ${origin.byteLength} bytes` };
  const text = String(origin);
  if (/^(?!file:)[a-z][a-z+.-]+:/i.test(text)) throw problem.remoteMedia(text.slice(0, 200));
  const { baseFolder, record } = cellContext();
  const path = /^file:/i.test(text) ? fileURLToPath(text) : resolve(baseFolder, text);
  const name = relative(baseFolder, path) || text;
  const bytes = await readBytes(path, text, maxMediaBytes);
  record({ type: "used", what: { role: "input", name, sha256: hashOf(bytes), bytes: bytes.byteLength } });
  return { bytes, name: text, path };
}
