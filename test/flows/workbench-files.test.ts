import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sortedKeys } from "../../kernel/cli/notebook-file.ts";
import { assay } from "../support/notebook.ts";
import { fillStore } from "../support/synthetic-store.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let file: string;
let workbench: Workbench;
const limit = { timeout: 240_000 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-files-"));
  await mkdir(join(folder, ".assay"));
  fillStore(join(folder, ".assay"), { records: 4000, notebooks: 2, days: 3, folder });
  file = join(folder, "stable.ipynb");
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
  `for (let i = 0; i < 100_000; i++) console.log("number", i);
"counted"`,
] as const;

/** Runs everything anew in a fresh kernel, saves, and returns the file. */
async function runAllAndSave(): Promise<string> {
  await workbench.command("Assay: Restart Kernel and Run All");
  await workbench.started(0);
  await workbench.succeeded(2);
  await workbench.succeeded(3);
  await workbench.outputs.getByText("came late").first().waitFor();
  await workbench.succeeded(3);
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

// The store holds thousands of other records, and the notebook lost a cell before it ran.
test("a notebook that is run again in a fresh kernel and saved is the same file, byte by byte", limit, async () => {
  await workbench.notebookReady();
  await workbench.deleteLastCell();
  const first = await runAllAndSave();
  const saved = JSON.parse(first);
  const types = (at: number) => saved.cells[at].outputs.map((one: { output_type: string }) => one.output_type);
  assert.deepEqual(types(0), ["stream", "stream"]);
  assert.deepEqual(types(1), ["display_data"], "progress that came to its end is not kept");
  assert.ok(saved.cells[1].outputs[0].data["text/html"], "a fallback that others show");
  assert.deepEqual(types(3), ["execute_result", "stream"]);
  assert.equal(saved.cells[3].outputs[1].text.join(""), "came late\n");
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
