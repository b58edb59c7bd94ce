import { writeFileSync } from "node:fs";
import sharp from "sharp";
import { PICTURE_BYTES, PICTURE_SIZE } from "../corpus/corpus.ts";

/** Writes pictures, one after another in `pixels`, as a PNG with `columns` columns, each enlarged `zoom` times, with a gap between. */
export async function writeContactSheet(
  path: string,
  pixels: Uint8Array,
  { columns, zoom = 2, gap = 2 }: { columns: number; zoom?: number; gap?: number },
): Promise<void> {
  const count = Math.floor(pixels.length / PICTURE_BYTES);
  const rows = Math.ceil(count / columns);
  const cell = PICTURE_SIZE + gap;
  const width = columns * cell - gap;
  const height = rows * cell - gap;
  const sheet = new Uint8Array(width * height * 3).fill(255);
  const line = PICTURE_SIZE * 3;
  for (let index = 0; index < count; index++) {
    const left = (index % columns) * cell;
    const top = Math.floor(index / columns) * cell;
    for (let row = 0; row < PICTURE_SIZE; row++) {
      const from = index * PICTURE_BYTES + row * line;
      sheet.set(pixels.subarray(from, from + line), ((top + row) * width + left) * 3);
    }
  }
  const png = await sharp(sheet, { raw: { width, height, channels: 3 } })
    .resize(width * zoom, height * zoom, { kernel: "nearest" })
    .png({ compressionLevel: 9 })
    .toBuffer();
  writeFileSync(path, png);
}
