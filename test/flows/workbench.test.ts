import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gridExample } from "../renderers/examples.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

const samples = join(import.meta.dirname, "../../samples");

let folder: string;
let workbench: Workbench;

/** A window on a fresh folder with a notebook of its own and a copy of the samples. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-journey-"));
  // A store of its own, whatever lies in folders above.
  await mkdir(join(folder, ".assay"));
  await writeFile(join(folder, "grid.json"), JSON.stringify(gridExample()));
  await writeNotebook(join(folder, "journey.ipynb"), cells, {
    id: "0a0a0a0a-0000-4000-8000-000000000001",
    mode: "research_safe",
    seed: 5,
  });
  await cp(samples, join(folder, "samples"), { recursive: true });
  workbench = await Workbench.open({ folder, file: join(folder, "journey.ipynb") });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `let count = 0;
for (; count < 5; count++) {
  console.log("line", count);
  await new Promise((resolve) => setTimeout(resolve, 30));
}
count`,
  `import grid from "./grid.json";
display({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.assay.images.v1+json": grid, "text/plain": "a grid" }) });`,
  `function deep(): never {
  throw new TypeError("not like this");
}
deep();`,
  `console.log("now it turns", "for ever");
while (true) count++;`,
  `"after the interrupt " + (count > 5)`,
  `"after the restart " + typeof (globalThis as { count?: number }).count`,
  `process.exit(3)`,
  `"alive again"`,
  `const config = { name: "watercolour", classes: new Set(["public_domain"]), losses: Float32Array.from({ length: 240 }, (_, i) => 0.9 / (i + 1)),
  nested: { deep: [1, { three: 3 }] }, get lazy(): never { throw new Error("getters are not run"); } };
config`,
] as const;

test("a notebook opens with its kernel chosen and its mode in the status bar", { timeout: 180_000 }, async () => {
  await workbench.notebookReady();
  assert.match((await workbench.status("assay.mode").innerText()).trim(), /Research safe/);
  assert.match(await workbench.status("assay.kernel").innerText(), /not started/);
});

test("text streams into the cell, in order, and the last value is shown", { timeout: 180_000 }, async () => {
  await workbench.run(0);
  const last = workbench.outputs.getByText("line 4");
  await last.waitFor();
  const text = await workbench.outputText();
  assert.match(text, /line 0\s+line 1\s+line 2\s+line 3\s+line 4/);
  await workbench.succeeded(0);
});

test("an image grid is drawn by its renderer in the output frame", { timeout: 180_000 }, async () => {
  await workbench.run(1);
  const grid = workbench.outputs.locator(".assay.images");
  await grid.locator("tbody tr").first().waitFor();
  assert.equal(await grid.locator("tbody tr").count(), 4);
  assert.equal(await grid.locator("thead th").count(), 3);
  const image = grid.locator("tbody img[src]").first();
  await image.waitFor();
  await image.evaluate((element: HTMLImageElement) => element.decode());
  assert.equal(await image.evaluate((element: HTMLImageElement) => element.naturalWidth), 64);
  await workbench.screenshot("journey-grid");
  const third = grid.locator(".thumb:has(img[src])").nth(2);
  await workbench.showOutput(1, third);
  await third.click();
  await grid.locator(".viewer").waitFor();
  await workbench.screenshot("journey-viewer");
  await workbench.page.keyboard.press("Escape");
  await grid.locator(".viewer").waitFor({ state: "hidden" });
});

test("an error names the cell and its line", { timeout: 180_000 }, async () => {
  await workbench.run(2);
  await workbench.outputs.getByText("not like this").first().waitFor();
  await workbench.failed(2);
  await workbench.screenshot("journey-error");
});

test("an endless loop is interrupted, and the kernel keeps its state", { timeout: 180_000 }, async () => {
  await workbench.run(3);
  await workbench.outputs.getByText("now it turns for ever").waitFor();
  await workbench.command("Assay: Interrupt Kernel");
  await workbench.failed(3);
  await workbench.run(4);
  await workbench.outputs.getByText("after the interrupt true").waitFor();
});

test("a restart forgets the variables", { timeout: 180_000 }, async () => {
  await workbench.command("Assay: Restart Kernel");
  await workbench.run(5);
  await workbench.outputs.getByText("after the restart undefined").waitFor();
});

test("a cell that ends its process says so, and the next one runs", { timeout: 180_000 }, async () => {
  await workbench.run(6);
  await workbench.failed(6);
  await workbench.run(7);
  await workbench.outputs.getByText("alive again").waitFor();
});

test("a value is a tree that opens by keyboard, by its renderer in the output frame", {
  timeout: 180_000,
}, async () => {
  await workbench.run(8);
  await workbench.succeeded(8);
  const tree = workbench.outputs.getByRole("tree", { name: "Value" });
  await tree.getByRole("treeitem", { name: /^nested/ }).click();
  await tree.getByRole("treeitem", { name: /^deep/ }).press("ArrowRight");
  await tree.getByRole("treeitem", { name: /^1: \{ three: 3 \}/ }).waitFor();
  assert.match((await tree.getByRole("treeitem", { name: /^lazy/ }).textContent()) ?? "", /\(get\)/);
  await workbench.screenshot("journey-value");
});

test("the mode is switched from the status bar and written to the file, which stays a sound notebook", {
  timeout: 180_000,
}, async () => {
  await workbench.status("assay.mode").click();
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Open source only" }).click();
  await workbench.status("assay.mode").getByText("Open source only").waitFor();
  await workbench.save();
  const saved = JSON.parse(await readFile(join(folder, "journey.ipynb"), "utf8"));
  assert.equal(saved.metadata.kernelspec.name, "assay");
  assert.equal(saved.metadata.language_info.name, "typescript");
  assert.deepEqual(saved.metadata.assay, {
    id: "0a0a0a0a-0000-4000-8000-000000000001",
    mode: "open_source_only",
    seed: 5,
  });
  const [stream, result] = saved.cells[0].outputs;
  assert.equal(stream.output_type, "stream");
  assert.equal(stream.text.join(""), "line 0\nline 1\nline 2\nline 3\nline 4\n");
  assert.equal(result.output_type, "execute_result");
  assert.deepEqual(result.data["text/plain"], ["5"]);
  assert.equal(saved.cells[2].outputs[0].ename, "TypeError");
});

test("the sample runs its first cells, and shows a table and a compliance card", { timeout: 180_000 }, async () => {
  await workbench.closeEditors();
  await workbench.openFile(join(folder, "samples/01-compliance-modes.ipynb"));
  await workbench.notebookReady();
  const code = await workbench.codeCells(join(folder, "samples/01-compliance-modes.ipynb"));
  for (const index of code.slice(0, 4)) {
    await workbench.run(index);
    await workbench.succeeded(index);
  }
  await workbench.outputs.locator(".assay.table tbody tr").first().waitFor();
  await workbench.outputs.locator(".assay.compliance .mode").first().waitFor();
  await workbench.screenshot("sample");
});
