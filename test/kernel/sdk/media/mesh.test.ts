import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { meshOutput } from "../../../../kernel/protocol/outputs.ts";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import { bundleOf, display, Mesh } from "../../../../kernel/sdk/media/index.ts";
import { cube, sphereCloud } from "../../../support/media.ts";
import { recorded } from "../../../support/recorded-context.ts";

const fault = (code: string, reason: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AssayError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, reason);
  return true;
};
const box = { min: [-1, -1, -1], max: [1, 1, 1] };
const text = (value: string) => new TextEncoder().encode(value);

/** The two chunks of a GLB, taken apart without the code under test. */
function open(glb: Uint8Array): { json: Record<string, never>; bin: Buffer } {
  const bytes = Buffer.from(glb);
  const size = bytes.readUInt32LE(12);
  return { json: JSON.parse(bytes.toString("utf8", 20, 20 + size)), bin: bytes.subarray(20 + size + 8) };
}

function glbWith(json: unknown, bin: Buffer = Buffer.alloc(0)): Uint8Array {
  let head = JSON.stringify(json);
  head += " ".repeat(-Buffer.byteLength(head) & 3);
  const out = Buffer.alloc(12 + 8 + head.length + 8 + bin.length);
  out.write("glTF");
  for (const [i, value] of [2, out.length, head.length, 0x4e4f534a].entries()) out.writeUInt32LE(value, 4 + i * 4);
  out.write(head, 20);
  out.writeUInt32LE(bin.length, 20 + head.length);
  out.writeUInt32LE(0x004e4942, 24 + head.length);
  bin.copy(out, 28 + head.length);
  return out;
}

test("a cube of arrays has 8 vertices, 12 triangles and the box from −1 to 1; its bytes are always the same", async () => {
  const mesh = await Mesh.fromArrays(cube);
  assert.deepEqual(mesh.statistics, { vertices: 8, triangles: 12, points: 0, materials: 1, bounds: box });
  assert.deepEqual((await Mesh.fromArrays(cube)).bytes, mesh.bytes);
  assert.deepEqual((await Mesh.read(mesh.bytes)).statistics, mesh.statistics);
  const { json, bin } = open(mesh.bytes) as { json: never; bin: Buffer };
  const { accessors, bufferViews, meshes } = json as {
    accessors: { bufferView: number; byteOffset?: number }[];
    bufferViews: { byteOffset?: number; byteStride?: number }[];
    meshes: { primitives: { attributes: Record<string, number> }[] }[];
  };
  const colour = accessors[meshes[0]!.primitives[0]!.attributes.COLOR_0!]!;
  const at = (bufferViews[colour.bufferView]!.byteOffset ?? 0) + (colour.byteOffset ?? 0);
  // 40/255 in sRGB is 0.0212 in linear light.
  assert.ok(Math.abs(bin.readFloatLE(at) - 0.0212) < 1e-3, String(bin.readFloatLE(at)));
});

test("points without faces are a point cloud", async () => {
  const mesh = await Mesh.fromArrays(sphereCloud(1000));
  const { vertices, triangles, points, bounds } = mesh.statistics;
  assert.deepEqual([vertices, triangles, points], [1000, 0, 1000]);
  assert.ok(bounds!.max.every((value) => value > 0.99 && value <= 1));
});

test("PLY and OBJ become GLB with the same counts, text and binary", async () => {
  const vertices = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => cube.positions.slice(i * 3, i * 3 + 3));
  const faces = Array.from({ length: 12 }, (_, i) => cube.indices.slice(i * 3, i * 3 + 3));
  const head = (format: string) =>
    `ply\nformat ${format} 1.0\nelement vertex 8\nproperty float x\nproperty float y\nproperty float z\nelement face 12\nproperty list uchar int vertex_indices\nend_header\n`;
  const ascii =
    head("ascii") + [...vertices, ...faces.map((face) => [3, ...face])].map((row) => `${row.join(" ")}\n`).join("");
  const counts = { vertices: 8, triangles: 12, points: 0, materials: 1, bounds: box };
  assert.deepEqual((await Mesh.read(text(ascii))).statistics, counts);
  const body = Buffer.concat([
    Buffer.from(Float32Array.from(cube.positions).buffer),
    ...faces.map((face) => Buffer.concat([Buffer.of(3), Buffer.from(Int32Array.from(face).buffer)])),
  ]);
  const binary = Buffer.concat([Buffer.from(head("binary_little_endian")), body]);
  assert.deepEqual((await Mesh.read(binary)).statistics, counts);
  await assert.rejects(Mesh.read(binary.subarray(0, 230)), fault("media.corrupt", /./));
  await assert.rejects(
    Mesh.read(text(ascii.replace("vertex 8", "vertex 4000000000"))),
    fault("media.corrupt", /states 4000000000 vertices/),
  );
  await assert.rejects(Mesh.read(text(ascii.slice(0, 240))), fault("media.corrupt", /./));

  const obj = `o cube\n${vertices.map((v) => `v ${v.join(" ")}\n`).join("")}${faces.map((f) => `f ${f.map((i) => i + 1).join(" ")}\n`).join("")}`;
  const { triangles, bounds } = (await Mesh.read(text(obj))).statistics;
  assert.deepEqual([triangles, bounds], [12, box]);
  await assert.rejects(Mesh.read(text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n")), fault("media.corrupt", /./));
});

test("glTF takes in what lies beside it, and nothing from elsewhere", async (t) => {
  const { json, bin } = open((await Mesh.fromArrays(cube)).bytes);
  const gltf = { ...json, buffers: [{ byteLength: bin.length, uri: "cube.bin" }] };
  await recorded(t, async ({ folder }) => {
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "models/cube.bin"), bin);
    writeFileSync(join(folder, "models/cube.gltf"), JSON.stringify(gltf));
    assert.equal((await Mesh.read("models/cube.gltf")).statistics.triangles, 12);
    for (const uri of ["../secret.bin", "/etc/passwd", "https://example.org/a.bin", "a/../../b.bin", "%2e%2e/b.bin"]) {
      writeFileSync(join(folder, "models/bad.gltf"), JSON.stringify({ ...gltf, buffers: [{ byteLength: 1, uri }] }));
      await assert.rejects(Mesh.read("models/bad.gltf"), fault("media.corrupt", /outside its own folder/), uri);
    }
  });
  await assert.rejects(Mesh.read(text(JSON.stringify(gltf))), fault("media.value", /needs cube.bin beside it/));
  const inside = {
    ...gltf,
    buffers: [{ byteLength: bin.length, uri: `data:application/octet-stream;base64,${bin.toString("base64")}` }],
  };
  assert.equal((await Mesh.read(text(JSON.stringify(inside)))).statistics.vertices, 8);
});

test("a GLB that is truncated, refers elsewhere, is compressed or lies about itself is named", async () => {
  const whole = (await Mesh.fromArrays(cube)).bytes;
  const { json, bin } = open(whole);
  await assert.rejects(Mesh.read(whole.subarray(0, 300)), fault("media.corrupt", /300 of \d+ bytes/));
  await assert.rejects(Mesh.read(whole.subarray(0, 16)), fault("media.corrupt", /within its head/));
  await assert.rejects(
    Mesh.read(glbWith({ ...json, buffers: [{ byteLength: 9, uri: "https://example.org/a.bin" }] })),
    fault("media.corrupt", /refers to https/),
  );
  await assert.rejects(
    Mesh.read(glbWith({ ...json, extensionsRequired: ["KHR_draco_mesh_compression"] }, bin)),
    fault("media.value", /compressed with KHR_draco/),
  );
  const huge = structuredClone(json) as unknown as { accessors: { count: number }[] };
  for (const accessor of huge.accessors) accessor.count = 2 ** 40;
  await assert.rejects(Mesh.read(glbWith(huge, bin)), fault("media.corrupt", /./));
  await assert.rejects(Mesh.read(glbWith({ asset: { version: "2.0" } })), fault("media.corrupt", /scene is empty/));
  await assert.rejects(Mesh.read(glbWith([1])), fault("media.corrupt", /no description/));
  await assert.rejects(Mesh.read(text("just words")), fault("media.format", /of no kind/));
  for (let i = 0; i < 80; i++) {
    const broken = Uint8Array.from(whole);
    broken.fill((i * 37) % 256, i * 15, i * 15 + 5);
    await Mesh.read(broken).catch((error: unknown) => assert.ok(error instanceof AssayError, `${i}: ${error}`));
  }
});

test("the fallback shows the object: its nearest faces in their colours, nothing around it", async () => {
  const corner = (colour: readonly number[]) => Uint8Array.from({ length: 24 }, (_, i) => colour[i % 3]!);
  const { preview } = await Mesh.fromArrays({ ...cube, colours: corner([255, 0, 0]) });
  const { data, info } = await sharp(preview).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [320, 240, 4]);
  const at = (x: number, y: number) => [...data.subarray((y * 320 + x) * 4, (y * 320 + x) * 4 + 4)];
  assert.equal(at(5, 5)[3], 0);
  const [front, top] = [at(150, 140), at(165, 75)];
  assert.ok(front[3] === 255 && front[0]! > 100 && front[1] === 0 && front[2] === 0, String(front));
  assert.ok(top[0]! > front[0]!, "the light comes from above");
  const opaque = data.filter((value, i) => i % 4 === 3 && value > 200).length / (320 * 240);
  assert.ok(opaque > 0.15 && opaque < 0.5, `${opaque} of the picture is covered`);
  const bundle = await bundleOf(await Mesh.fromArrays(cube));
  assert.match(String(bundle["text/html"]), /<img src="data:image\/png;base64,iVBOR/);
});

test("wrong arrays are named by array, place and value", async () => {
  const of = (arrays: object) => Mesh.fromArrays({ ...cube, ...arrays });
  await assert.rejects(of({ positions: [] }), fault("media.value", /positions.*0 numbers/));
  await assert.rejects(of({ positions: [1, 2] }), fault("media.value", /2 numbers/));
  await assert.rejects(
    of({ positions: [...cube.positions.slice(0, 23), Number.NaN] }),
    fault("media.value", /number 23 is NaN/),
  );
  await assert.rejects(of({ positions: [...cube.positions.slice(0, 23), 1e300] }), fault("media.value", /1e\+300/));
  await assert.rejects(of({ indices: [0, 1, 8] }), fault("media.value", /number 2 is 8.*8 vertices/));
  await assert.rejects(of({ indices: [0, 1] }), fault("media.value", /three are needed/));
  await assert.rejects(of({ colours: [1] }), fault("media.value", /colours.*8 vertices need 24/));
});

test("meshes are shown side by side with statistics in the fallback", async (t) => {
  const mesh = await Mesh.fromArrays(cube, { label: "cube", seed: 4 });
  assert.match(
    String((await bundleOf(mesh))["text/plain"]),
    /^cube: mesh 8 vertices · 12 triangles · 1 material · size 2 × 2 × 2, seed 4$/,
  );
  const seen = await recorded(t, () =>
    display.mesh([mesh, { mesh: mesh.bytes, label: "again" }], { model: "synthetic" }),
  );
  const shown = seen.outputs[0];
  assert.ok(shown?.type === "display");
  const rich = meshOutput.parse(shown.data["application/vnd.assay.mesh.v1+json"]);
  assert.deepEqual(
    rich.items.map(({ label, model, triangles }) => [label, model, triangles]),
    [
      ["cube", "synthetic", 12],
      ["again", "synthetic", 12],
    ],
  );
});
