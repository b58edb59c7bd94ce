import sharp from "sharp";
import { hashOf } from "../../store/canonical.ts";
import { Image, readBytes } from "../media/index.ts";
import { readXmp } from "./opt-outs/index.ts";

/** An image file, read and decoded once. */
export interface ImageFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly format: string;
  readonly image: Image;
  /** XMP properties that concern rights and mining, by qualified name. */
  readonly xmp: Readonly<Record<string, string>>;
  /** Labels of C2PA assertions on training in the file, which are not read further. */
  readonly assertions: readonly string[];
}

const assertionLabels = ["cawg.training-mining", "c2pa.training-mining"];

/** Reads an image. @param name what to call it in an error. @throws AssayError `file.unreadable`, `file.too-large`, `image.corrupt`. */
export async function readImageFile(path: string, name: string, maxBytes: number): Promise<ImageFile> {
  const bytes = await readBytes(path, name, maxBytes);
  const image = await Image.decode(bytes, name);
  const { format, xmpAsString } = await sharp(bytes).metadata();
  return {
    bytes: bytes.byteLength,
    sha256: hashOf(bytes),
    format: format ?? "unknown",
    image,
    xmp: xmpAsString ? readXmp(xmpAsString) : {},
    assertions: assertionLabels.filter((label) => bytes.includes(label)),
  };
}
