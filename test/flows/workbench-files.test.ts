import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { sortedKeys } from "../../kernel/cli/notebook-file.ts";
import { assay } from "../support/notebook.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

const samples = join(import.meta.dirname, "../../samples");

let folder: string;
let file: string;
let workbench: Workbench;
const limit = { timeout: 240_000 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-files-"));
  await mkdir(join(folder, ".assay"));
  file = join(folder, "stable.ipynb");
  for (const name of ["001.json", "001.jpg", "002.json", "002.jpg"]) {
    await cp(join(samples, "corpus", name), join(folder, "corpus", name));
  }
  await writeNotebook(file, cells, { id: "0a0a0a0a-0000-4000-8000-000000000002", mode: "open_source_only", seed: 7 });
  workbench = await Workbench.open({ folder, file });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `import { display, generate } from "assay";
console.log("random", Math.random());
console.error("a warning");`,
  `const bar = display.progress({ label: "work", total: 3 });
for (let i = 1; i <= 3; i++) bar.update(i);
bar.finish();
const images = await generate.image({ prompts: ["a red cube on sand ground"], steps: 2, seed: 3 });
display.images(images);`,
  `images.length`,
  `setTimeout(() => console.log("came late"), 1500);
"in time"`,
  `display.table(Array.from({ length: 40 }, (_, i) => ({ item: "item " + i, square: i * i })), { title: "Squares" });`,
  `display.lineChart([{ name: "loss", y: Array.from({ length: 60 }, (_, i) => 1 / (i + 1)) }], { title: "A chart" });`,
  `import { Image, data } from "assay";
const pixels = Uint8ClampedArray.from({ length: 320 * 320 * 3 }, () => 256 * Math.random());
const large = new Image({ width: 320, height: 320, channels: 3, data: pixels });
display.images([large], { title: "Kept in the store" });`,
  `const collection = await data.collect("corpus");
const dataset = data.dataset(collection, { mode: "open_source_only", name: "few" });
display.compliance(dataset.compliance());`,
  `({ name: "a value", nested: { list: [1, 2, 3], set: new Set(["one"]) }, long: "x".repeat(200) })`,
] as const;

/** Runs everything anew in a fresh kernel, saves, and returns the file. */
async function runAllAndSave(): Promise<string> {
  // The last cell waits longest, so its earlier end is seen to go.
  await workbench.show(cells.length - 1);
  await workbench.command("Assay: Restart Kernel and Run All");
  await workbench.started(cells.length - 1);
  for (const index of cells.keys()) await workbench.succeeded(index);
  await workbench.showOutput(3, workbench.outputs.getByText("came late"));
  await workbench.save();
  return readFile(file, "utf8");
}

/** Where two texts part, in a few characters: a comparison of whole notebooks would take all memory. */
function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 120), at + 120));
  return `they part at character ${at}:\n${around(a)}\n${around(b)}`;
}

/** A notebook with the keys of its objects in order. */
function sorted(text: string): string {
  return JSON.stringify(sortedKeys(JSON.parse(text)), null, 1);
}

test("a notebook that is run again in a fresh kernel and saved is the same file, byte by byte", limit, async () => {
  await workbench.notebookReady();
  const first = await runAllAndSave();
  const saved = JSON.parse(first);
  const types = (at: number) => saved.cells[at].outputs.map((one: { output_type: string }) => one.output_type);
  assert.deepEqual(types(0), ["stream", "stream"]);
  assert.deepEqual(types(1), ["display_data"], "progress that came to its end is not kept");
  assert.ok(saved.cells[1].outputs[0].data["text/html"], "a fallback that others show");
  assert.deepEqual(types(3), ["execute_result", "stream"]);
  assert.equal(saved.cells[3].outputs[1].text.join(""), "came late\n");
  const [picture] = saved.cells[6].outputs[0].data["application/vnd.assay.images.v1+json"].items;
  assert.ok(picture.media.bytes > 65_536 && picture.media.base64 === undefined, "a large image stays in the store");
  const second = await runAllAndSave();
  assert.ok(second === first, firstDifference(first, second));
  await workbench.screenshot("saved");
});

test("assay run makes the same notebook of the file", limit, async () => {
  const out = join(folder, "out.ipynb");
  const { code, stderr } = await assay(["run", file, "-o", out]);
  assert.equal(code, 0, stderr);
  const [made, saved] = (await Promise.all([out, file].map((path) => readFile(path, "utf8")))).map(sorted);
  assert.ok(made === saved, firstDifference(saved!, made!));
});

test("a notebook that is opened again shows all its outputs through the renderers, and is clean", limit, async () => {
  await workbench.reload();
  await workbench.notebookReady();
  const { outputs } = workbench;
  const shows = (index: number, output: Locator) => workbench.showOutput(index, output);
  await shows(0, outputs.getByText("a warning"));
  await shows(1, outputs.locator(".assay.images img[src]"));
  await shows(3, outputs.getByText("came late"));
  await shows(4, outputs.locator(".assay.table", { hasText: "Squares" }).locator("tbody tr"));
  await shows(5, outputs.locator(".assay.plot", { hasText: "A chart" }).locator("svg"));
  const stored = outputs.locator(".assay.images", { hasText: "Kept in the store" }).locator("img[src]");
  await shows(6, stored);
  await waitUntil(() => stored.first().evaluate((image: HTMLImageElement) => image.naturalWidth === 320));
  await workbench.screenshot("reopened");
  await shows(7, outputs.locator(".assay.compliance .mode"));
  await shows(8, outputs.getByRole("tree", { name: "Value" }));
  await workbench.screenshot("reopened-end");
  assert.equal(await workbench.page.locator(".tab.dirty").count(), 0);
  assert.match(await workbench.status("assay.kernel").innerText(), /not started/);
});

/** Asks again until it is so. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isSo()); attempt++) {
    assert.ok(attempt < 300, "it did not become so in half a minute");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
