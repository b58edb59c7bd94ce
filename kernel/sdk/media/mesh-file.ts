import { dirname, isAbsolute, normalize, resolve } from "node:path";
import type { BufferAttribute, BufferGeometry, InterleavedBufferAttribute } from "three";
import { AssayError, problem } from "../errors.ts";
import type { Geometry } from "./geometry.ts";
import { packGltf, urisOf, writeGlb } from "./glb.ts";
import { readBytes } from "./read-bytes.ts";
import { signatureOf } from "./signature.ts";

/** A file beside a glTF text may be as large as this. */
const maxPartBytes = 2 ** 29;

/**
 * A GLB of a 3D file: GLB as it is, glTF with its buffers and textures put in, PLY and OBJ converted.
 *
 * @param path where the file lies, for what a glTF text keeps beside itself
 * @throws AssayError `media.format`, `media.corrupt`, `media.value`
 */
export async function glbOf(bytes: Uint8Array, name: string, path: string | undefined): Promise<Uint8Array> {
  const format = signatureOf(bytes);
  if (format === "glb") return bytes;
  if (format === "gltf") return gltf(bytes, name, path);
  try {
    if (format === "ply") return await writeGlb([await ply(bytes)]);
    if (format === "obj") return await writeGlb(await obj(bytes));
  } catch (error) {
    if (error instanceof AssayError) throw error;
    const detail = error instanceof Error ? error.message.split("\n")[0]!.slice(0, 200) : String(error);
    throw problem.corruptMedia(name, "3D object", detail, error);
  }
  const found =
    bytes.length === 0 ? "empty" : typeof format === "string" ? `a file of the kind ${format}` : format?.other;
  throw problem.mediaFormat(name, "a 3D object", found ?? "of no kind that Assay knows", "GLB, glTF, PLY and OBJ");
}

async function gltf(bytes: Uint8Array, name: string, path: string | undefined): Promise<Uint8Array> {
  let json: Parameters<typeof urisOf>[0];
  try {
    json = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        .toString("utf8")
        .replace(/^\uFEFF/, ""),
    );
    if (typeof json.asset?.version !== "string") throw new Error("it names no version of glTF");
  } catch (error) {
    throw problem.corruptMedia(
      name,
      "3D object",
      error instanceof Error ? error.message.slice(0, 200) : String(error),
      error,
    );
  }
  const files: Record<string, Uint8Array> = {};
  for (const uri of urisOf(json)) {
    if (uri.startsWith("data:")) continue;
    const relative = normalize(decodeURIComponent(uri));
    if (/^[a-z][a-z+.-]*:/i.test(uri) || isAbsolute(relative) || relative.startsWith("..")) {
      throw problem.corruptMedia(name, "3D object", `it refers to ${uri.slice(0, 80)}, outside its own folder`);
    }
    if (path === undefined) {
      const remedy = "Give the path of the glTF file, or export it as GLB";
      throw problem.mediaValue(name, `it needs ${uri.slice(0, 80)} beside it, and was given as bytes`, remedy);
    }
    files[uri] = await readBytes(resolve(dirname(path), relative), uri, maxPartBytes);
  }
  return packGltf(json, files, name);
}

async function ply(bytes: Uint8Array): Promise<Geometry> {
  const { PLYLoader } = await import("three/examples/jsm/loaders/PLYLoader.js");
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65_536)).toString("latin1");
  const end = head.indexOf("end_header");
  if (end < 0) throw new Error("its head does not end");
  const stated = Number(/^element vertex (\d+)\s*$/m.exec(head.slice(0, end))?.[1] ?? 0);
  // Each vertex takes some bytes in any coding: a number of them that cannot be true is not worth an attempt.
  if (stated === 0 || stated > bytes.byteLength)
    throw new Error(`it states ${stated} vertices in ${bytes.byteLength} bytes`);
  const geometry = part(new PLYLoader().parse(new Uint8Array(bytes).buffer));
  const found = geometry.positions.length / 3;
  if (found !== stated) throw new Error(`it states ${stated} vertices and holds ${found}`);
  const faces = Number(/^element face (\d+)\s*$/m.exec(head.slice(0, end))?.[1] ?? 0);
  const triangles = (geometry.indices?.length ?? 0) / 3;
  if (triangles < faces) throw new Error(`it states ${faces} faces, and ${triangles} can be read`);
  return geometry;
}

async function obj(bytes: Uint8Array): Promise<Geometry[]> {
  const { OBJLoader } = await import("three/examples/jsm/loaders/OBJLoader.js");
  const { mergeVertices } = await import("three/examples/jsm/utils/BufferGeometryUtils.js");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const parts: Geometry[] = [];
  for (const child of new OBJLoader().parse(text).children) {
    const { geometry, isMesh, isPoints } = child as unknown as Drawn;
    if (isMesh) parts.push(part(mergeVertices(geometry.deleteAttribute("uv"))));
    else if (isPoints) parts.push(part(geometry));
  }
  if (parts.length === 0) throw new Error("it has no faces and no points");
  return parts;
}

interface Drawn {
  readonly geometry: BufferGeometry;
  readonly isMesh?: boolean;
  readonly isPoints?: boolean;
}

/** Numbers of a geometry of three.js; the loaders give colours in linear light. */
function part(geometry: BufferGeometry): Geometry {
  const positions = floats(geometry.getAttribute("position"));
  if (positions.length === 0) throw new Error("it has no vertices");
  const wrong = positions.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new Error(`coordinate ${wrong % 3} of vertex ${Math.floor(wrong / 3)} is no finite number`);
  const index = geometry.getIndex();
  const indices = index ? Uint32Array.from(index.array) : undefined;
  const beyond = indices?.find((value) => value >= positions.length / 3);
  if (beyond !== undefined) throw new Error(`a face names vertex ${beyond}, and there are ${positions.length / 3}`);
  const [normals, colours] = [geometry.getAttribute("normal"), geometry.getAttribute("color")];
  return {
    positions,
    ...(indices && indices.length > 0 && { indices }),
    ...(normals && { normals: floats(normals) }),
    ...(colours && { colours: floats(colours) }),
  };
}

function floats(attribute: BufferAttribute | InterleavedBufferAttribute): Float32Array {
  const out = new Float32Array(attribute.count * 3);
  for (let i = 0; i < attribute.count; i++) {
    out[i * 3] = attribute.getX(i);
    out[i * 3 + 1] = attribute.getY(i);
    out[i * 3 + 2] = attribute.getZ(i);
  }
  return out;
}
