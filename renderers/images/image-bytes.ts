import { fromBase64 } from "../mount.ts";

/** Base64 of what the first and the last bytes are looked at for, in letters: whole groups of four. */
const [headLetters, tailLetters] = [8192, 88_000];

/** The first bytes of what is held in base64: enough for a header. */
export function headOf(base64: string): Uint8Array {
  return fromBase64(base64.slice(0, headLetters));
}

/** Width and height in pixels that the header of a PNG, JPEG or WebP names; nothing for what has none, or moves. */
export function stillSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (bytes.length < 32) return undefined;
  if (view.getUint32(0) === 0x89504e47) {
    // Animated PNG say so before their first pixels.
    if (new TextDecoder("latin1").decode(bytes.subarray(0, 4096)).includes("acTL")) return undefined;
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (view.getUint16(0) === 0xffd8) return jpegSize(view);
  if (text(0, 4) !== "RIFF" || text(8, 4) !== "WEBP") return undefined;
  const kind = text(12, 4);
  if (kind === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  const moves = (bytes[20]! & 2) !== 0;
  if (kind !== "VP8X" || moves) return undefined;
  const three = (at: number) => 1 + view.getUint16(at, true) + (bytes[at + 2]! << 16);
  return { width: three(24), height: three(27) };
}

/** Goes from segment to segment to the one that begins a frame. */
function jpegSize(view: DataView): { width: number; height: number } | undefined {
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return undefined;
}

/** Whether the end of a PNG or JPEG is missing: browsers draw the part that is there and call it decoded. */
export function endsEarly(base64: string, mime: string): boolean {
  if (mime !== "image/png" && mime !== "image/jpeg") return false;
  const end = mime === "image/png" ? [0x49, 0x45, 0x4e, 0x44] : [0xff, 0xd9];
  const bytes = fromBase64(base64.slice(Math.max(0, base64.length - (base64.length % 4) - tailLetters)));
  // Some programs write a little after the end.
  for (let at = bytes.length - end.length; at >= 0; at--)
    if (end.every((byte, i) => bytes[at + i] === byte)) return false;
  return true;
}
