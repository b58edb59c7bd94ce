import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import sharp from "sharp";
import type { MimeBundle } from "../../protocol/mime.ts";
import type { ImageItem } from "../../protocol/outputs.ts";
import { hashOf } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { type Displayable, displaySymbol } from "../values/displayable.ts";
import { imagesBundle } from "./gallery.ts";
import { encodePng, type Pixels } from "./png.ts";

/** What a researcher wants to know about a picture: prompt, seed, model, mode, licence class, badges, alternative text. */
export type ImageFacts = Partial<Omit<ImageItem, "media" | "width" | "height">>;

/** More pixels than this are refused: a decompression bomb, or a mistake. */
const maxPixels = 2 ** 28;

/** Pixels as they come: browsers and canvases keep theirs in a clamped array. */
export interface PixelSource extends Omit<Pixels, "data"> {
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A picture in memory: 8 bits a channel, row-major, sRGB. Shows itself in a notebook. */
export class Image implements Pixels, Displayable {
  /** Stays as it is when the code is bundled: shown values name their class. */
  static readonly name: string = "Image";
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
  readonly facts: ImageFacts;
  /** Hashes of what the picture was made from: models, a file. Empty where nobody knows. It stays through `resize`, `with` and the like. */
  readonly from: readonly string[];
  #png: Uint8Array | undefined;

  /** @throws RangeError where the array does not hold width × height × channels bytes. */
  constructor(pixels: PixelSource, facts: ImageFacts = {}, from: readonly string[] = []) {
    const { width, height, channels, data } = pixels;
    const expected = width * height * channels;
    if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1 || data.length !== expected) {
      throw new RangeError(
        `${width}×${height} pixels of ${channels} channels need ${expected} bytes, not ${data.length}`,
      );
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = data instanceof Uint8Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
    this.facts = facts;
    this.from = from;
  }

  /** Reads an image file; a relative path starts at the notebook's folder. @throws AssayError `image.corrupt`. */
  static async read(file: string, facts: ImageFacts = {}): Promise<Image> {
    const { baseFolder, record } = cellContext();
    const path = resolve(baseFolder, file);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw problem.unreadableFile(file, error instanceof Error ? error.message : String(error), error);
    });
    const image = await Image.decode(bytes, file, facts);
    const name = relative(baseFolder, path) || file;
    record({ type: "used", what: { role: "input", name, sha256: hashOf(bytes), bytes: bytes.byteLength } });
    return image;
  }

  /**
   * Decodes PNG, JPEG, WebP, AVIF, GIF (first frame), TIFF or SVG to RGB, or RGBA where a pixel is not opaque; turned as EXIF says,
   * converted to sRGB. @param name what to call the bytes in an error. @throws AssayError `image.corrupt`, also when truncated.
   */
  static async decode(bytes: Uint8Array, name = "image", facts: ImageFacts = {}): Promise<Image> {
    try {
      const decoder = sharp(bytes, { failOn: "error", limitInputPixels: maxPixels }).autoOrient().toColourspace("srgb");
      const { data, info } = await decoder.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
      const alpha = info.channels === 2 || info.channels === 4;
      const { width, height } = info;
      const from = [hashOf(bytes)];
      if (info.channels === 1 || info.channels === 2) return new Image(spread(data, width, height, alpha), facts, from);
      const pixels = opaque({ width, height, channels: alpha ? 4 : 3, data: new Uint8Array(data) });
      return new Image(pixels, facts, from);
    } catch (error) {
      throw problem.corruptImage(name, error instanceof Error ? firstLine(error.message) : String(error), error);
    }
  }

  /** An RGB picture from planes (channel, row, column) of numbers in [-1, 1], as diffusion models give them; values are clamped. */
  static fromPlanes(planes: ArrayLike<number>, width: number, height: number, facts: ImageFacts = {}): Image {
    const count = width * height;
    const data = new Uint8Array(count * 3);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) {
        const value = (planes[c * count + i]! + 1) * 127.5;
        data[i * 3 + c] = value > 0 ? Math.min(255, Math.round(value)) : 0;
      }
    }
    return new Image({ width, height, channels: 3, data }, facts);
  }

  /** RGB planes (channel, row, column) in [-1, 1]; alpha is composed over white. */
  planes(): Float32Array {
    const count = this.width * this.height;
    const out = new Float32Array(count * 3);
    for (let i = 0; i < count; i++) {
      const at = i * this.channels;
      const alpha = this.channels === 4 ? this.data[at + 3]! / 255 : 1;
      for (let c = 0; c < 3; c++) {
        const value = this.data[at + (this.channels === 1 ? 0 : c)]!;
        out[c * count + i] = (value * alpha + 255 * (1 - alpha)) / 127.5 - 1;
      }
    }
    return out;
  }

  /** PNG bytes: no dates, the same for the same pixels. */
  png(): Uint8Array {
    this.#png ??= encodePng(this);
    return this.#png;
  }

  /** SHA-256 of size, channels and pixels, whatever file they came from. */
  get pixelHash(): string {
    const head = Buffer.from(`${this.width}x${this.height}x${this.channels}\n`, "latin1");
    return hashOf(Buffer.concat([head, this.data]));
  }

  /** Another size in pixels: the picture fills it, what stands over is cut off evenly. Lanczos filter. */
  async resize(width: number, height: number = width): Promise<Image> {
    if (width === this.width && height === this.height) return this;
    const raw = { width: this.width, height: this.height, channels: this.channels };
    const resized = sharp(this.data, { raw }).resize(width, height, { fit: "cover", kernel: "lanczos3" });
    const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
    const pixels = { width, height, channels: info.channels as 1 | 3 | 4, data: new Uint8Array(data) };
    return new Image(pixels, this.facts, this.from);
  }

  /** RGB without transparency: what shows through is white. */
  onWhite(): Image {
    if (this.channels === 3) return this;
    return new Image(Image.fromPlanes(this.planes(), this.width, this.height), this.facts, this.from);
  }

  /** The same pixels with other facts beside or in place of the present ones. */
  with(facts: ImageFacts): Image {
    return new Image(this, { ...this.facts, ...facts }, this.from);
  }

  [displaySymbol](): MimeBundle {
    return imagesBundle([this]);
  }

  toString(): string {
    return `image ${this.width}×${this.height}${this.facts.prompt ? `, “${this.facts.prompt}”` : ""}`;
  }
}

/** Makes an {@link Image} of pixels. */
export function image(pixels: PixelSource, facts: ImageFacts = {}): Image {
  return new Image(pixels, facts);
}

/** Grey to RGB, with alpha where there is one. */
function spread(data: Uint8Array, width: number, height: number, alpha: boolean): Pixels {
  const from = alpha ? 2 : 1;
  const to = alpha ? 4 : 3;
  const out = new Uint8Array(width * height * to);
  for (let i = 0; i < width * height; i++) {
    out.fill(data[i * from]!, i * to, i * to + 3);
    if (alpha) out[i * to + 3] = data[i * from + 1]!;
  }
  return opaque({ width, height, channels: to, data: out });
}

/** Drops an alpha channel that hides nothing. */
function opaque(pixels: Pixels): Pixels {
  if (pixels.channels !== 4) return pixels;
  const count = pixels.width * pixels.height;
  for (let i = 0; i < count; i++) if (pixels.data[i * 4 + 3] !== 255) return pixels;
  const data = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) data.set(pixels.data.subarray(i * 4, i * 4 + 3), i * 3);
  return { ...pixels, channels: 3, data };
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.trim().slice(0, 200);
}
