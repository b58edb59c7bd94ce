import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type ImagesOutput, imagesOutput } from "../../protocol/outputs.ts";
import { imageType } from "../values/rich-kind.ts";
import { type ImageSize, imageSize } from "./image-size.ts";
import { svg } from "./markup.ts";
import { MediaBudget } from "./media-budget.ts";
import { recordShown } from "./record-shown.ts";

/** Fallbacks hold no more bytes than this; larger images get a smaller copy. */
const fallbackBytes = 300_000;
const fallbackSide = 512;

/**
 * An image file in memory as it is: PNG, JPEG, WebP, GIF, AVIF or SVG. Undefined where the bytes only begin like one. Large ones get a smaller
 * copy as the fallback of the notebook file.
 */
export function encodedImageBundle(bytes: Uint8Array): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  const mime = imageType(bytes);
  if (mime === "image/svg+xml") return svg(Buffer.from(bytes).toString("utf8")).bundle;
  const size = mime && imageSize(bytes, mime);
  if (!mime || !size) return undefined;
  const small = bytes.length <= fallbackBytes;
  if (small && mime !== "image/avif" && mime !== "image/webp") return bundle(bytes, mime, size, { mime, bytes });
  return fallbackOf(bytes).then((fallback) => fallback && bundle(bytes, mime, size, fallback));
}

interface Encoded {
  readonly mime: string;
  readonly bytes: Uint8Array;
}

function bundle(bytes: Uint8Array, mime: string, { width, height }: ImageSize, fallback: Encoded): MimeBundle {
  const format = mime.slice("image/".length).toUpperCase();
  const alt = `${format} image of ${width} by ${height} pixels`;
  const media = new MediaBudget().place(bytes, mime);
  recordShown([{ bytes }]);
  // Bytes say nothing of the licence of what they show.
  const item = { media, width, height, alt, licenceClass: "unknown" };
  const rich: ImagesOutput = imagesOutput.parse({ layout: "gallery", items: [item] });
  return {
    [assayMime("images")]: rich,
    [fallback.mime]: Buffer.from(fallback.bytes).toString("base64"),
    "text/plain": `${format} image ${width}×${height}, ${bytes.length} bytes`,
  };
}

/** A copy that every front end shows: JPEG, or PNG where there is transparency. Undefined where the image cannot be decoded. */
async function fallbackOf(bytes: Uint8Array): Promise<Encoded | undefined> {
  const { default: sharp } = await import("sharp");
  try {
    const image = sharp(bytes)
      .autoOrient()
      .resize(fallbackSide, fallbackSide, { fit: "inside", withoutEnlargement: true });
    const { hasAlpha } = await sharp(bytes).metadata();
    const out = await (hasAlpha ? image.png() : image.jpeg({ quality: 85 })).toBuffer();
    return { mime: hasAlpha ? "image/png" : "image/jpeg", bytes: out };
  } catch {
    return undefined;
  }
}
