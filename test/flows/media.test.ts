import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mediaFixture } from "../support/media.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let workbench: Workbench;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-media-"));
  await mkdir(join(folder, ".assay"));
  for (const name of ["clip-24fps.webm", "clip-12fps.webm"]) await writeFile(join(folder, name), mediaFixture(name));
  await writeNotebook(join(folder, "media.ipynb"), cells);
  workbench = await Workbench.open({ folder, file: join(folder, "media.ipynb") });
  await workbench.notebookReady();
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `import { Audio, display, Mesh } from "assay";
await display.video(["clip-24fps.webm", "clip-12fps.webm"], { title: "Test cards (synthetic)" });`,
  // 192 kB: more than stays in the notebook.
  `const tone = Float32Array.from({ length: 96_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 48_000));
Audio.fromSamples(tone, 48_000, { label: "440 Hz" })`,
  `await Mesh.fromArrays({ positions: [0, 1, 0, -1, -1, 1, 1, -1, 1, 0, -1, -1], indices: [0, 1, 2, 0, 2, 3, 0, 3, 1, 1, 3, 2] }, { label: "Tetrahedron" })`,
] as const;

test("films are decoded and stepped in the output frame", { timeout: 180_000 }, async () => {
  await workbench.run(0);
  const player = workbench.outputs.locator(".assay.video");
  await player.locator(".still").nth(19).waitFor();
  await player.getByLabel("On one frame (.)").click();
  assert.match(await player.locator(".readout").innerText(), /frame 2 \/ 48/);
  await workbench.screenshot("media-video-dark");
});

test("a recording that lies in the store is fetched by message and drawn", { timeout: 180_000 }, async () => {
  await workbench.run(1);
  const track = workbench.outputs.locator(".assay.audio .track");
  await track.getByText(/strongest at 4[34]\d Hz/).waitFor();
  await workbench.screenshot("media-audio-dark");
});

test("a 3D object is drawn by WebGL, its library loaded only then", { timeout: 180_000 }, async () => {
  await workbench.run(2);
  const view = workbench.outputs.locator(".assay.mesh");
  await view.locator('.view-box[data-ready="true"]').waitFor();
  assert.match(await view.locator(".media-captions").innerText(), /4 vertices · 4 triangles/);
  await workbench.setTheme("light");
  await workbench.screenshot("media-mesh-light");
});
