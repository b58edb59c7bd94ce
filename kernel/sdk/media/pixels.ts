import type { MimeBundle } from "../../protocol/mime.ts";
import { imagesBundle } from "./gallery.ts";
import { encodePng, type Pixels } from "./png.ts";

/** Raw pixels, a byte a channel: `ImageData`, what `sharp().raw()` gives, or an object like them. */
export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Raw pixels as an image; undefined where the array does not fit the size. */
export function pixelsBundle({ width, height, data }: RawPixels): MimeBundle | undefined {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const channels = bytes.length / (width * height);
  if (channels === 2) return pictureBundle(greyAlpha(bytes, width, height));
  if (channels !== 1 && channels !== 3 && channels !== 4) return undefined;
  return pictureBundle({ width, height, channels, data: bytes });
}

function pictureBundle(pixels: Pixels): MimeBundle {
  return imagesBundle([{ ...pixels, facts: {}, png: () => encodePng(pixels) }]);
}

function greyAlpha(bytes: Uint8Array, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    data.fill(bytes[i * 2]!, i * 4, i * 4 + 3);
    data[i * 4 + 3] = bytes[i * 2 + 1]!;
  }
  return { width, height, channels: 4, data };
}
