import type { Document, GLTF, Primitive } from "@gltf-transform/core";
import { problem } from "../errors.ts";
import type { Geometry } from "./geometry.ts";
import { meshPreview } from "./mesh-preview.ts";

/** What a GLB holds, counted as it is drawn: a part that stands in the scene twice counts twice. */
export interface MeshStatistics {
  readonly vertices: number;
  readonly triangles: number;
  /** Points that belong to no face. */
  readonly points: number;
  readonly materials: number;
  /** The box around it in the units of the file; `undefined` where there is nothing. */
  readonly bounds: { readonly min: Point; readonly max: Point } | undefined;
}

export type Point = [number, number, number];

/** Compressions that need a decoder of their own. */
const compressed = /draco|meshopt|basisu|ktx/i;

/** The mode of a primitive that draws points, in glTF. */
const points = 0;

/** Objects with more vertices than this are refused: no view here could turn them. */
const maxVertices = 2 ** 25;

/**
 * Counts what is in a GLB and draws a small picture of it; refuses one that is not whole, needs other files, or is compressed in a way that the view cannot read.
 *
 * @throws AssayError `media.corrupt`, `media.value`
 */
export async function readGlb(
  bytes: Uint8Array,
  name: string,
): Promise<{ readonly statistics: MeshStatistics; readonly preview: Uint8Array | undefined }> {
  const { json, bin } = chunksOf(bytes, name);
  refuseCompressed(json, name);
  const outside = urisOf(json).find((uri) => !uri.startsWith("data:"));
  if (outside !== undefined)
    throw problem.corruptMedia(
      name,
      "3D object",
      `it refers to ${outside.slice(0, 80)}, and a GLB must hold all it needs`,
    );
  return guarded(name, async () => {
    const resources: Record<string, Uint8Array<ArrayBuffer>> = { ...embedded(json) };
    if (bin) resources["@glb.bin"] = new Uint8Array(bin);
    const document = await documentOf(json, resources);
    const counted = await count(document, name);
    return { statistics: counted, preview: meshPreview(document, counted.bounds) };
  });
}

/** A GLB of a glTF text whose buffers and textures are in it or given in `files`. @throws AssayError `media.corrupt` */
export async function packGltf(
  json: GLTF.IGLTF,
  files: Readonly<Record<string, Uint8Array>>,
  name: string,
): Promise<Uint8Array> {
  refuseCompressed(json, name);
  return guarded(name, async () => {
    const copies = Object.entries(files).map(([uri, content]) => [uri, new Uint8Array(content)] as const);
    const document = await documentOf(json, { ...embedded(json), ...Object.fromEntries(copies) });
    return (await io()).writeBinary(document);
  });
}

/** A GLB of parts, each either triangles or points. */
export async function writeGlb(parts: readonly Geometry[]): Promise<Uint8Array> {
  const { Document } = await import("@gltf-transform/core");
  const document = new Document();
  const buffer = document.createBuffer();
  const scene = document.createScene();
  for (const { positions, indices, normals, colours } of parts) {
    const accessor = (array: Float32Array | Uint32Array, type: "VEC3" | "SCALAR") =>
      document
        .createAccessor()
        .setType(type)
        .setArray(new (array.constructor as typeof Float32Array)(array))
        .setBuffer(buffer);
    const primitive = document.createPrimitive().setAttribute("POSITION", accessor(positions, "VEC3"));
    if (indices) {
      const material = document
        .createMaterial("surface")
        .setRoughnessFactor(0.8)
        .setMetallicFactor(0)
        .setDoubleSided(true);
      // Grey like clay, seen on white and on black; corners of their own colour keep it.
      if (!colours) material.setBaseColorFactor([0.42, 0.44, 0.5, 1]);
      primitive.setIndices(accessor(indices, "SCALAR")).setMaterial(material);
    }
    if (!indices) primitive.setMode(points);
    if (normals) primitive.setAttribute("NORMAL", accessor(normals, "VEC3"));
    if (colours) primitive.setAttribute("COLOR_0", accessor(colours, "VEC3"));
    scene.addChild(document.createNode().setMesh(document.createMesh().addPrimitive(primitive)));
  }
  return (await io()).writeBinary(document);
}

/** The addresses of buffers and textures in a glTF. */
export function urisOf(json: GLTF.IGLTF): string[] {
  const all: readonly { uri?: unknown }[] = [...list(json.buffers), ...list(json.images)];
  return all.flatMap((item) => (typeof item?.uri === "string" ? [item.uri] : []));
}

function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

async function io() {
  const { Logger, WebIO } = await import("@gltf-transform/core");
  // Only its parts that work in memory are used: it is never asked to fetch.
  return new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT));
}

async function documentOf(json: GLTF.IGLTF, resources: Record<string, Uint8Array<ArrayBuffer>>): Promise<Document> {
  // What an extension adds is for the view to draw; counting needs none.
  const plain = { ...json, extensionsRequired: undefined } as GLTF.IGLTF;
  return (await io()).readJSON({ json: structuredClone(plain), resources });
}

/** The content of `data:` addresses. */
function embedded(json: GLTF.IGLTF): Record<string, Uint8Array<ArrayBuffer>> {
  const found: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const uri of urisOf(json)) {
    if (!uri.startsWith("data:")) continue;
    const comma = uri.indexOf(",");
    const body = uri.slice(comma + 1);
    const base64 = uri.slice(0, comma).endsWith(";base64");
    found[uri] = new Uint8Array(base64 ? Buffer.from(body, "base64") : Buffer.from(decodeURIComponent(body), "latin1"));
  }
  return found;
}

function chunksOf(bytes: Uint8Array, name: string): { json: GLTF.IGLTF; bin: Uint8Array | undefined } {
  const fail = (detail: string) => problem.corruptMedia(name, "3D object", detail);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 20) throw fail("it ends within its head");
  if (view.getUint32(4, true) !== 2) throw fail(`it is of version ${view.getUint32(4, true)}, not 2`);
  const stated = view.getUint32(8, true);
  if (stated > view.byteLength) throw fail(`it has ${view.byteLength} of ${stated} bytes`);
  let json: unknown;
  let bin: Uint8Array | undefined;
  for (let at = 12; at + 8 <= stated; ) {
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    if (at + 8 + size > stated) throw fail(`its chunk at byte ${at} goes beyond the end`);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (type === 0x4e4f534a && json === undefined) {
      try {
        json = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
      } catch {
        throw fail("its description is not valid JSON");
      }
    } else if (type === 0x004e4942) bin ??= body;
    at += 8 + size + (-size & 3);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw fail("it has no description");
  return { json: json as GLTF.IGLTF, bin };
}

function refuseCompressed(json: GLTF.IGLTF, name: string): void {
  const found = list(json.extensionsRequired).find((extension) => compressed.test(String(extension)));
  if (found === undefined) return;
  const remedy = "Export it without compression";
  throw problem.mediaValue(name, `it is compressed with ${found.slice(0, 60)}, which Assay does not read`, remedy);
}

async function guarded<T>(name: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    const detail = error instanceof Error ? error.message.split("\n")[0]!.slice(0, 200) : String(error);
    throw problem.corruptMedia(name, "3D object", detail, error);
  }
}

async function count(document: Document, name: string): Promise<MeshStatistics> {
  const { getBounds } = await import("@gltf-transform/core");
  const root = document.getRoot();
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  const primitives: Primitive[] = [];
  scene?.traverse((node) => primitives.push(...(node.getMesh()?.listPrimitives() ?? [])));
  if (!scene || primitives.length === 0) throw problem.corruptMedia(name, "3D object", "its scene is empty");
  const counts = { vertices: 0, triangles: 0, points: 0 };
  for (const primitive of primitives) {
    const positions = primitive.getAttribute("POSITION");
    const vertices = positions?.getCount() ?? 0;
    const drawn = primitive.getIndices()?.getCount() ?? vertices;
    const mode = primitive.getMode();
    counts.vertices += vertices;
    if (counts.vertices > maxVertices) {
      const remedy = "Make it simpler, or show a part of it";
      throw problem.mediaValue(name, `it has more than ${maxVertices} vertices`, remedy);
    }
    if (mode === 4) counts.triangles += Math.floor(drawn / 3);
    else if (mode === 5 || mode === 6) counts.triangles += Math.max(0, drawn - 2);
    else if (mode === points) counts.points += drawn;
    const wrong = positions?.getArray()?.findIndex((value) => !Number.isFinite(value)) ?? -1;
    if (wrong >= 0)
      throw problem.corruptMedia(name, "3D object", `coordinate ${wrong} of a part is not a finite number`);
  }
  const { min, max } = getBounds(scene);
  const finite = [...min, ...max].every(Number.isFinite);
  return {
    ...counts,
    materials: new Set(primitives.map((primitive) => primitive.getMaterial()).filter((material) => material)).size,
    bounds: finite ? { min: [...min] as Point, max: [...max] as Point } : undefined,
  };
}
