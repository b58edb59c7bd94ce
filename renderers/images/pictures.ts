import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import type { Surroundings } from "../mount.ts";
import { endsEarly, headOf, stillSize } from "./image-bytes.ts";

/** Pictures that are loaded at the same time: more would only wait for each other, and for the last ones wished for. */
const atOnce = 6;
/** Milliseconds that a wish waits: what only flies past is not loaded. */
const settling = 60;
/** Bytes of small copies that are kept; the longest unseen go first. */
const mostKept = 48_000_000;
/** Pixels from which on a small copy is worth its making: browsers decode what is smaller as fast. */
const largeFrom = 600_000;
/** Longest side of a small copy, in CSS pixels: the largest thumbnail. */
const copySide = 208;

interface Wish {
  readonly start: () => Promise<void>;
  readonly signal: AbortSignal;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A small copy that is kept, and what is wrong with the picture that it shows. */
interface Kept {
  readonly blob: Blob;
  readonly remark: string | undefined;
}

/**
 * Loads the pictures of one output: a few at a time, the latest wish first. Of large ones a small copy is made once, beside the page's own thread, so
 * that scrolling back neither asks for the bytes nor decodes them again. Object URLs live only until a picture is decoded.
 */
export class Pictures {
  readonly #surroundings: Surroundings;
  readonly #waiting: Wish[] = [];
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;
  #running = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Shows an item small. Resolves with a remark when what is shown is not what the output promises: an image that ends early, or one of another
   * size. Rejects with the reason when its bytes are no picture, or are not to be had. Does nothing more once the signal fires.
   */
  async small(image: HTMLImageElement, item: ImageItem, signal: AbortSignal): Promise<string | undefined> {
    const key = "sha256" in item.media ? item.media.sha256 : undefined;
    const known = key === undefined ? undefined : this.#kept.get(key);
    if (known && key !== undefined) {
      // The longest unseen come first.
      this.#kept.delete(key);
      this.#kept.set(key, known);
      await drawBlob(image, known.blob);
      return known.remark;
    }
    return this.#turn(signal, async () => {
      const { media } = this.#surroundings;
      const base64 = await media.base64(item.media);
      if (signal.aborted) return undefined;
      const size = stillSize(headOf(base64));
      const blob = size && (await smallCopy(size, () => media.blob({ ...item.media, base64 })));
      if (!size || !blob) return drawWhole(image, base64, item);
      const remark = remarkOn(base64, true, size, item);
      if (key !== undefined) this.#keep(key, { blob, remark });
      if (!signal.aborted) await drawBlob(image, blob);
      return remark;
    });
  }

  /** Shows an item in full. Resolves and rejects as {@link small} does. */
  async full(image: HTMLImageElement, item: ImageItem, signal: AbortSignal): Promise<string | undefined> {
    const base64 = await this.#surroundings.media.base64(item.media);
    return signal.aborted ? undefined : drawWhole(image, base64, item);
  }

  #keep(key: string, prepared: Kept): void {
    this.#kept.set(key, prepared);
    this.#keptBytes += prepared.blob.size;
    for (const [oldest, { blob }] of this.#kept) {
      if (this.#keptBytes <= mostKept) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= blob.size;
    }
  }

  #turn<T>(signal: AbortSignal, load: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      setTimeout(() => {
        this.#waiting.push({ signal, start: () => load().then(resolve, reject) });
        this.#next();
      }, settling);
    });
  }

  #next(): void {
    while (this.#running < atOnce) {
      const wish = this.#waiting.pop();
      if (!wish) return;
      if (wish.signal.aborted) continue;
      this.#running++;
      void wish.start().finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }
}

/** A small copy of a large picture, made beside the page's own thread; nothing where the picture is small, or cannot be read this way. */
async function smallCopy(size: Size, content: () => Promise<Blob>): Promise<Blob | undefined> {
  if (size.width * size.height < largeFrom) return undefined;
  const side = copySide * Math.min(2, globalThis.devicePixelRatio || 1);
  const scale = side / Math.max(size.width, size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  if (scale > 0.7 || width === 0 || height === 0) return undefined;
  const options: ImageBitmapOptions = { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" };
  const bitmap = await createImageBitmap(await content(), options).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  return canvas.convertToBlob({ type: "image/webp", quality: 0.9 });
}

/** What is wrong with a picture of this size. */
function remarkOn(base64: string, decoded: boolean, size: Size, { media, ...said }: ImageItem): string | undefined {
  if (!decoded || endsEarly(base64, media.mime)) return "Incomplete: its bytes end early or are damaged";
  if (media.mime === "image/svg+xml" || (size.width === said.width && size.height === said.height)) return undefined;
  return `Its size is ${size.width} × ${size.height} px; the output says ${said.width} × ${said.height}`;
}

/** Puts a picture into an element. Decodes it first, so that it appears whole; one that ends early is drawn as far as it goes. */
async function draw(image: HTMLImageElement, url: string): Promise<boolean> {
  image.src = url;
  return image.decode().then(
    () => true,
    () => false,
  );
}

/** The URL is let go once the element holds the picture. */
async function drawBlob(image: HTMLImageElement, blob: Blob): Promise<void> {
  const url = URL.createObjectURL(blob);
  await draw(image, url);
  URL.revokeObjectURL(url);
}

/** The bytes go into the element as they came: no copy of them is made on the page's own thread. */
async function drawWhole(image: HTMLImageElement, base64: string, item: ImageItem): Promise<string | undefined> {
  const { mime } = item.media;
  const decoded = await draw(image, `data:${mime};base64,${base64}`);
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  if (!decoded && (size.width === 0 || mime === "image/svg+xml"))
    throw new Error(`its bytes are no readable ${mime.slice(0, 60)}`);
  return remarkOn(base64, decoded, size, item);
}
