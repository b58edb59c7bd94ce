import { open } from "node:fs/promises";
import sharp from "sharp";
import { hashOf } from "../../store/canonical.ts";
import { AssayError, problem } from "../errors.ts";
import { Image } from "../media/index.ts";
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

/** Reads a file of limited size. @throws AssayError */
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
