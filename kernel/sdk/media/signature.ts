/** Formats of video, audio and 3D that Assay reads, as the first bytes of a file tell them. */
export type MediaFormat = "mp4" | "webm" | "ogg" | "wav" | "mp3" | "aac" | "flac" | "glb" | "gltf" | "ply" | "obj";

/** What the first bytes say that a file is; a format, another well-known kind by its name, or nothing known. */
export function signatureOf(bytes: Uint8Array): MediaFormat | { readonly other: string } | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  const at = (offset: number, text: string) => head.toString("latin1", offset, offset + text.length) === text;
  if (at(4, "ftyp"))
    return /^(avif|avis|heic|heix|mif1)$/.test(head.toString("latin1", 8, 12)) ? { other: "a picture" } : "mp4";
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return "webm";
  if (at(0, "OggS")) return "ogg";
  if (at(0, "RIFF") && at(8, "WAVE")) return "wav";
  if (at(0, "RF64")) return { other: "a WAV file of the RF64 kind" };
  if (at(0, "fLaC")) return "flac";
  if (at(0, "glTF")) return "glb";
  if (/^ply\r?\n/.test(head.toString("latin1", 0, 6))) return "ply";
  const other = otherKind(head, at);
  if (other) return { other };
  if (at(0, "ID3")) return "mp3";
  if (head.length >= 2 && head[0] === 0xff && (head[1]! & 0xe0) === 0xe0)
    return (head[1]! & 0x06) === 0 ? "aac" : "mp3";
  return textFormat(head.toString("utf8"));
}

function otherKind(head: Buffer, at: (offset: number, text: string) => boolean): string | undefined {
  if (at(1, "PNG") || at(0, "GIF8") || at(0, "\xff\xd8\xff") || (at(0, "RIFF") && at(8, "WEBP"))) return "a picture";
  if (at(0, "RIFF") && at(8, "AVI ")) return "an AVI film";
  if (at(0, "PK\x03\x04")) return "a ZIP archive";
  if (at(0, "\x1f\x8b")) return "a gzip archive";
  if (at(0, "%PDF")) return "a PDF document";
  if (at(0, "FORM") && at(8, "AIF")) return "an AIFF recording";
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0x464c56) return "a Flash film";
  return undefined;
}

function textFormat(text: string): MediaFormat | { readonly other: string } | undefined {
  if (/^\uFEFF?\s*\{/.test(text)) return "gltf";
  if (/^\uFEFF?\s*(<!doctype|<html|<\?xml|<svg)/i.test(text)) return { other: "a page or an XML document" };
  return /^(v|vn|vt|o|g|mtllib|usemtl)\s+\S/m.test(text) && !text.includes("\0") ? "obj" : undefined;
}
