import { hashOf } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { Image } from "../media/index.ts";
import { readBytes } from "./image-file.ts";
import type { Item } from "./item.ts";

/** Reads the pictures of items again, checks that they are the same bytes, and cuts them to size. */
export async function loadImages(items: readonly Item[], size: number): Promise<Image[]> {
  if (!Number.isInteger(size) || size < 1 || size > 8192) {
    throw problem.wrongOption("size", String(size), "a whole number of pixels from 1 to 8192");
  }
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
