import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeCorpus } from "../support/licensed-corpus.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let workbench: Workbench;
const limit = { timeout: 240_000 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-services-"));
  // A store of its own, whatever lies in folders above.
  await mkdir(join(folder, ".assay"));
  await writeFile(
    join(folder, "helper.ts"),
    "/** Doubles a number. */\nexport const doubled = (n: number): number => 2 * n;\n",
  );
  writeCorpus(join(folder, "corpus"), ["free", "attribution", "reserved"]);
  await writeNotebook(join(folder, "services.ipynb"), cells);
  await writeNotebook(join(folder, "stale.ipynb"), staleCells);
  await writeNotebook(join(folder, "here.ipynb"), hereCells);
  workbench = await Workbench.open({ folder, file: join(folder, "services.ipynb") });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `import { doubled } from "./helper.ts";
import { display, generate } from "assay";
const answers = { first: doubled(21), second: "two" };`,
  `answers.`,
  `const wrong: number = answers.second;`,
  `display.table([{ name: "a", value: answers.first }], { title: "From the SDK" });`,
  `const images = await generate.image({ prompts: ["a red cube on sand ground"], steps: 2, seed: 3 });
display.images(images);`,
  `process.exit(3)`,
  `"again " + answers.first`,
  `images[0]`,
] as const;

const staleCells = [`const side = 2`, `const area = side * side;`, `"the area is " + area`] as const;

const hereCells = [
  `{
  const { data } = await import("assay");
  data.dataset(await data.collect("corpus"), { name: "harbour scenes" });
}`,
  `const order = ["first"]`,
  `order.push("second");`,
  `order.push("third");
"here: " + order.join()`,
  `order.push("fourth");`,
] as const;

test("a cell completes the members of what a cell with imports declares, once each", limit, async () => {
  await workbench.notebookReady();
  await workbench.putCursorAtEnd(1);
  await workbench.page.keyboard.type("f");
  await workbench.page.keyboard.press("Control+Space");
  const first = workbench.page.locator(".suggest-widget.visible .monaco-list-row[aria-label^='first']");
  await first.first().waitFor();
  assert.equal(await first.count(), 1);
  await workbench.screenshot("language-completion");
  await workbench.page.keyboard.press("Escape");
  await workbench.page.keyboard.type("irst;");
});

test("an error of types is marked once, and imports are no error", limit, async () => {
  // The cell that was half written in the test before is checked again first.
  await workbench.cell(1).locator(".squiggly-error").waitFor({ state: "detached" });
  const marks = workbench.cell(2).locator(".squiggly-error");
  await marks.first().waitFor();
  assert.equal(await marks.count(), 1);
  assert.equal(await workbench.cell(0).locator(".squiggly-error").count(), 0);
});

test("resting on a name tells its type and what is written about it, once", limit, async () => {
  await workbench.cell(0).locator(".view-line span", { hasText: "doubled" }).last().hover();
  const hover = workbench.page.locator(".monaco-hover:visible");
  await hover.getByText("Doubles a number.").first().waitFor();
  assert.equal(await hover.getByText("Doubles a number.").count(), 1);
  await workbench.screenshot("language-hover");
});

test("a cell that ran shows its record, and a click opens it", limit, async () => {
  for (const index of [0, 3, 4]) {
    await workbench.run(index);
    await workbench.succeeded(index);
  }
  await workbench.outputs.locator(".assay.table tbody tr").first().waitFor();
  await workbench.outputs.locator(".assay.images img[src]").first().waitFor();
  const link = workbench.cell(3).locator(".cell-status-item", { has: workbench.page.locator(".codicon-verified") });
  // Outputs that grow move the cell; what is clicked stays the same.
  await link.first().dispatchEvent("click");
  const card = workbench.frontFrame.locator(".assay.record");
  await card.locator(".title").waitFor();
  assert.match(await card.locator(".title").innerText(), /services\.ipynb, cell 4/);
  assert.match(await card.locator("pre.source").innerText(), /display\.table/);
  await workbench.screenshot("record-card");
  await workbench.command("View: Close Editor");
});

test("the experiments list the records by notebook", limit, async () => {
  await workbench.command("Assay: Focus on Experiments View");
  const rows = workbench.rows("Experiments");
  await rows.nth(3).waitFor();
  assert.match((await rows.first().innerText()).replace(/\s+/g, " "), /services\.ipynb ?3 records/);
  assert.deepEqual(
    await rows.evaluateAll((all) => all.slice(1).map((row) => row.getAttribute("aria-label")?.split(",")[0])),
    [
      'ok: const images = await generate.image({ prompts: ["a red cube on sand ground"]',
      'ok: display.table([{ name: "a"',
      "ok: const answers = { first: doubled(21)",
    ],
  );
  await workbench.screenshot("experiments");
});

test(
  "the search box finds a generation by words of its prompt while one types, and narrows the list",
  limit,
  async () => {
    await workbench.command("Assay: Search Records");
    const box = workbench.page.locator(".quick-input-widget:visible");
    await box.locator("input").first().fill("sand cube");
    const found = box.locator(".monaco-list-row", { hasText: "a red cube on sand ground" });
    await found.first().waitFor();
    await workbench.screenshot("search-records");
    await box.locator(".monaco-list-row", { hasText: "Show 1 in the Experiments view" }).click();
    const rows = workbench.rows("Experiments");
    await rows.nth(1).waitFor({ state: "detached" });
    assert.match((await rows.first().getAttribute("aria-label")) ?? "", /generate\.image/);
    await workbench.command("Assay: Show All Records");
    await rows.nth(3).waitFor();
  },
);

test("two records are compared side by side", limit, async () => {
  const rows = workbench.rows("Experiments");
  await rows.nth(1).click({ modifiers: ["Control"] });
  await rows.nth(2).click({ modifiers: ["Control"] });
  await workbench.page.keyboard.press("Control+d");
  const tab = workbench.page.locator(".tab.active", { hasText: "↔" });
  await tab.waitFor();
  await workbench.page.locator(".monaco-editor:visible", { hasText: "display.table" }).first().waitFor();
  await workbench.screenshot("compare-records");
  await workbench.command("View: Close Editor");
});

test("variables are listed with their values and open to their members", limit, async () => {
  await workbench.openFile(join(folder, "services.ipynb"));
  await workbench.command("Assay: Focus on Variables View");
  const rows = workbench.rows("Variables");
  const answers = rows.filter({ hasText: "answers" }).first();
  await answers.waitFor();
  await answers.click();
  const first = rows.filter({ hasText: /first\s*42/ }).first();
  await first.waitFor();
  await rows.filter({ hasText: "images" }).first().waitFor();
  await workbench.screenshot("variables");
});

test("models say their licence and whether they are in memory", limit, async () => {
  await workbench.command("Assay: Focus on Models View");
  const tiny = workbench.rows("Models").filter({ hasText: "tiny-scenes" }).first();
  await tiny.filter({ hasText: /loaded · [\d.]+ MB · CC0/ }).waitFor();
  await workbench.screenshot("models");
});

test("after a crash one command runs the cells above, and the work goes on", limit, async () => {
  await workbench.run(5);
  await workbench.failed(5);
  await workbench.status("assay.kernel").getByText("variables lost").waitFor();
  await workbench.screenshot("crash");
  await workbench.command("Assay: Run Cells Above the Crash");
  await workbench.status("assay.kernel").getByText("idle").waitFor();
  await workbench.succeeded(4);
  await workbench.run(6);
  await workbench.succeeded(6);
  await workbench.outputs.getByText("again 42").waitFor();
  await workbench.save();
  const saved = JSON.parse(await readFile(join(folder, "services.ipynb"), "utf8"));
  assert.match(saved.cells[3].metadata.assay.record, /^[0-9a-f]{64}$/);
  assert.deepEqual(saved.cells[3].outputs[0].metadata, {});
  assert.equal(saved.cells[5].outputs[0].ename, "KernelCrash");
});

test("in the card of a record a place of the lineage opens the record that made it", limit, async () => {
  await workbench.run(7);
  await workbench.succeeded(7);
  const link = workbench.cell(7).locator(".cell-status-item", { has: workbench.page.locator(".codicon-verified") });
  await link.first().dispatchEvent("click");
  const card = workbench.frontFrame.locator(".assay.record");
  await card.locator(".title", { hasText: "cell 8" }).waitFor();
  await card.locator(".node[data-role=output]").focus();
  await card.locator(".chosen", { hasText: /made in cell 5 of services\.ipynb/ }).waitFor();
  await workbench.screenshot("record-lineage");
  await card.getByRole("button", { name: "Open record" }).click();
  await card.locator(".title", { hasText: "cell 5" }).waitFor();
  assert.match(await card.locator("pre.source").innerText(), /generate\.image/);
  assert.equal(await workbench.page.locator(".tab", { hasText: /^Record / }).count(), 2);
  for (const _ of [1, 2]) await workbench.command("View: Close Editor");
});

test("a cell that runs again marks the cells below that read it, and they run again in order", limit, async () => {
  await workbench.closeEditors();
  await workbench.openFile(join(folder, "stale.ipynb"));
  await workbench.notebookReady();
  for (const index of [0, 1, 2]) {
    await workbench.run(index);
    await workbench.succeeded(index);
  }
  const marks = (index: number) => workbench.cell(index).locator(".cell-status-item", { hasText: "stale:" });
  assert.equal(await marks(1).count(), 0);
  await workbench.run(0);
  await marks(1).filter({ hasText: "side changed in cell 1" }).waitFor();
  await marks(2).waitFor();
  assert.equal(await marks(0).count(), 0);
  await workbench.screenshot("stale-cells");
  await workbench.command("Assay: Run Stale Cells");
  for (const index of [1, 2]) await marks(index).waitFor({ state: "detached" });

  await workbench.command("Assay: Switch What Happens to Stale Cells");
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Run them again" }).click();
  await workbench.putCursorAtEnd(0);
  await workbench.page.keyboard.type(" + 1");
  await workbench.page.keyboard.press("Shift+Enter");
  await workbench.outputs.getByText("the area is 9").waitFor();
  assert.equal(await marks(1).count(), 0);
});

test(
  "the variables view says when cells ran and declared nothing; Run to Here runs what is above, and no more",
  limit,
  async () => {
    await workbench.closeEditors();
    await workbench.openFile(join(folder, "here.ipynb"));
    await workbench.notebookReady();
    await workbench.command("Assay: Focus on Variables View");
    await workbench.page.getByText("appear here once a cell has run").waitFor();
    await workbench.run(0);
    await workbench.succeeded(0);
    await workbench.page.getByText("The kernel holds no variables").waitFor();

    await workbench.putCursorAtEnd(3);
    await workbench.page.keyboard.press("Escape");
    await workbench.page.keyboard.press("r");
    await workbench.page.keyboard.press("h");
    await workbench.succeeded(3);
    await workbench.outputs.getByText("here: first,second,third").first().waitFor();
    for (const index of [0, 1, 2]) await workbench.succeeded(index);
    assert.equal(await workbench.cell(4).locator('[class*="codicon-notebook-state"]').count(), 0);
    await workbench.rows("Variables").filter({ hasText: "order" }).first().waitFor();
    await workbench.screenshot("run-to-here");
  },
);

test("a data set opens to its classes and items, and leads to the record that built it", limit, async () => {
  // The views share the height of the side bar.
  for (const other of ["Models", "Variables"])
    await workbench.page.locator(`.pane-header.expanded[aria-label*="${other}"]`).click();
  await workbench.command("Assay: Focus on Data Sets View");
  const rows = workbench.rows("Data Sets");
  const built = rows.filter({ hasText: "harbour scenes" }).first();
  await built.click();
  await rows.filter({ hasText: /Public domain\s*1 item/ }).waitFor();
  await rows.filter({ hasText: /Creative Commons\s*1 item/ }).click();
  await rows.filter({ hasText: /Scene 1\s*CC-BY-4\.0/ }).waitFor();
  await workbench.screenshot("data-sets");
  await built.hover();
  await built.getByRole("button", { name: "Open Record" }).click();
  const card = workbench.frontFrame.locator(".assay.record");
  await card.locator(".title", { hasText: "here.ipynb, cell 1" }).waitFor();
});
