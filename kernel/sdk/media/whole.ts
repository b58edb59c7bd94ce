import { wrongTable } from "./mp4-tables.ts";
import type { MediaFormat } from "./signature.ts";

/**
 * Why a file is not whole, by the sizes that its container states of itself; `undefined` where nothing speaks against it. Containers without such
 * sizes (MP3, AAC, streamed WebM) cannot be judged.
 */
export function missingPart(bytes: Uint8Array, format: MediaFormat): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === "mp4") return missingBox(view);
  if (format === "webm") return missingSegment(view);
  if (format === "ogg") return missingPage(view);
  if (format === "wav") {
    if (view.byteLength < 12) return "it ends within its head";
    return short(view.getUint32(4, true) + 8, view.byteLength);
  }
  return undefined;
}

function short(stated: number, actual: number): string | undefined {
  return stated > actual ? `it has ${actual} of ${stated} bytes` : undefined;
}

/** MP4: boxes one after another, each with its size. */
function missingBox(view: DataView): string | undefined {
  const types = new Set<string>();
  for (let at = 0; at < view.byteLength; ) {
    if (at + 8 > view.byteLength) return short(at + 8, view.byteLength);
    let size = view.getUint32(at);
    types.add(String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4)));
    if (size === 0) break;
    if (size === 1) {
      if (at + 16 > view.byteLength) return short(at + 16, view.byteLength);
      size = Number(view.getBigUint64(at + 8));
    }
    if (size < 8) return `its box at byte ${at} has a size of ${size}`;
    const fault = short(at + size, view.byteLength);
    if (fault) return fault;
    at += size;
  }
  return types.has("moov") ? wrongTable(view) : "it has no index of its frames (moov box)";
}

/** WebM: a head and a segment; a size of all ones means "until the end". */
function missingSegment(view: DataView): string | undefined {
  const head = element(view, 0);
  const segment = head && element(view, head.end);
  if (!segment) return "it ends within its head";
  return segment.end === Number.POSITIVE_INFINITY ? undefined : short(segment.end, view.byteLength);
}

function element(view: DataView, at: number): { readonly end: number } | undefined {
  if (at >= view.byteLength) return undefined;
  const idLength = Math.clz32(view.getUint8(at)) - 23;
  const sizeAt = at + idLength;
  if (sizeAt >= view.byteLength) return undefined;
  const first = view.getUint8(sizeAt);
  const length = Math.clz32(first) - 23;
  if (length > 8 || sizeAt + length > view.byteLength) return undefined;
  let size = first & ((1 << (8 - length)) - 1);
  let unknown = size === (1 << (8 - length)) - 1;
  for (let i = 1; i < length; i++) {
    const byte = view.getUint8(sizeAt + i);
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { end: unknown ? Number.POSITIVE_INFINITY : sizeAt + length + size };
}

/** Ogg: pages one after another, each with a table of its segments' lengths; the last one says so. */
function missingPage(view: DataView): string | undefined {
  let last = 0;
  for (let at = 0; at < view.byteLength; ) {
    if (at + 27 > view.byteLength) return "it ends within a page";
    if (view.getUint32(at) !== 0x4f676753) return `there is no page at byte ${at}`;
    last = view.getUint8(at + 5);
    const segments = view.getUint8(at + 26);
    let size = 27 + segments;
    if (at + size > view.byteLength) return "it ends within a page";
    for (let i = 0; i < segments; i++) size += view.getUint8(at + 27 + i);
    const fault = short(at + size, view.byteLength);
    if (fault) return fault;
    at += size;
  }
  return (last & 4) === 0 ? "its last page is missing" : undefined;
}
