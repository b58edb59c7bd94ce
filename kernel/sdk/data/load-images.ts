import { existsSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { contentHash, hashOf } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { Image, readBytes } from "../media/index.ts";
import type { Item } from "./item.ts";
import { scanFolder } from "./scan.ts";

export interface ImagesOptions {
  /** Cuts the pictures to so many pixels on each side. Default: as they are. */
  readonly size?: number;
}

const maxBytes = 64 * 2 ** 20;

/**
 * Reads the pictures of a folder in the order of their names, to look at or to measure against. Nothing is asked of their licences, so
 * nothing can be trained on them: that takes {@link collect}.
 *
 * @throws AssayError `data.missing`, `data.empty`, `image.corrupt` naming the file
 */
export async function images(folder: string, options: ImagesOptions = {}): Promise<Image[]> {
  const { baseFolder, signal, record } = cellContext();
  const path = resolve(baseFolder, folder);
  if (!existsSync(path) || !statSync(path).isDirectory()) throw problem.collectionMissing(folder);
  if (options.size !== undefined) checkSize(options.size);
  const found: Image[] = [];
  const hashes: [id: string, sha256: string][] = [];
  let total = 0;
  for (const candidate of scanFolder(path).candidates) {
    signal.throwIfAborted();
    const bytes = await readBytes(candidate.path, candidate.id, maxBytes);
    const image = (await Image.decode(bytes, candidate.id)).with({ alt: candidate.id });
    found.push(options.size === undefined ? image : await image.resize(options.size));
    hashes.push([candidate.id, hashOf(bytes)]);
    total += bytes.byteLength;
  }
  if (found.length === 0) throw problem.collectionEmpty(folder);
  record({
    type: "used",
    what: { role: "input", name: relative(baseFolder, path) || ".", sha256: contentHash(hashes), bytes: total },
  });
  return found;
}

/** Reads the pictures of items again, checks that they are the same bytes, and cuts them to size. */
export async function loadImages(items: readonly Item[], size: number): Promise<Image[]> {
  checkSize(size);
  const { signal } = cellContext();
  const images: Image[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    const bytes = await readBytes(item.path, item.id, item.bytes + 1);
    if (hashOf(bytes) !== item.sha256) throw problem.fileChanged(item.id);
    const image = await (await Image.decode(bytes, item.id)).resize(size);
    images.push(image.onWhite().with({ alt: item.caption || item.id, licenceClass: item.licence.licenceClass }));
  }
  return images;
}

function checkSize(size: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= 8192) return;
  throw problem.wrongOption("size", String(size), "a whole number of pixels from 1 to 8192");
}
