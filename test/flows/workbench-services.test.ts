import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let workbench: Workbench;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-services-"));
  // A store of its own, whatever lies in folders above.
  await mkdir(join(folder, ".assay"));
  await writeFile(
    join(folder, "helper.ts"),
    "/** Doubles a number. */\nexport const doubled = (n: number): number => 2 * n;\n",
  );
  await writeNotebook(join(folder, "services.ipynb"), cells);
  workbench = await Workbench.open({ folder, file: join(folder, "services.ipynb") });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `import { doubled } from "./helper.ts";
import { display } from "assay";
const answers = { first: doubled(21), second: "two" };`,
  `answers.`,
  `const wrong: number = answers.second;`,
  `display.table([{ name: "a", value: answers.first }], { title: "From the SDK" });`,
] as const;

test("a cell completes the members of what a cell with imports declares, once each", { timeout: 180_000 }, async () => {
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

test("an error of types is marked once, and imports are no error", { timeout: 180_000 }, async () => {
  // The cell that was half written in the test before is checked again first.
  await workbench.cell(1).locator(".squiggly-error").waitFor({ state: "detached" });
  const marks = workbench.cell(2).locator(".squiggly-error");
  await marks.first().waitFor();
  assert.equal(await marks.count(), 1);
  assert.equal(await workbench.cell(0).locator(".squiggly-error").count(), 0);
});

test("resting on a name tells its type and what is written about it, once", { timeout: 180_000 }, async () => {
  await workbench.cell(0).locator(".view-line span", { hasText: "doubled" }).last().hover();
  const hover = workbench.page.locator(".monaco-hover:visible");
  await hover.getByText("Doubles a number.").first().waitFor();
  assert.equal(await hover.getByText("Doubles a number.").count(), 1);
  await workbench.screenshot("language-hover");
});

test("a cell that ran shows its record, and a click opens it", { timeout: 180_000 }, async () => {
  await workbench.run(0);
  await workbench.succeeded(0);
  await workbench.run(3);
  await workbench.succeeded(3);
  await workbench.outputs.locator(".assay.table tbody tr").first().waitFor();
  const link = workbench.cell(3).locator(".cell-status-item", { has: workbench.page.locator(".codicon-verified") });
  await link.first().click();
  const card = workbench.frontFrame.locator(".assay.record");
  await card.locator(".title").waitFor();
  assert.match(await card.locator(".title").innerText(), /services\.ipynb, cell 4/);
  assert.match(await card.locator("pre.source").innerText(), /display\.table/);
  await workbench.screenshot("record-card");
  await workbench.command("View: Close Editor");
});

test("the experiments list the records, and the search finds one by a word of its source", {
  timeout: 180_000,
}, async () => {
  await workbench.command("Assay: Focus on Experiments View");
  const rows = workbench.page.locator('[role="tree"][aria-label*="Experiments"] .monaco-list-row');
  await rows.nth(1).waitFor();
  assert.equal(await rows.count(), 2);
  await workbench.command("Assay: Search Records");
  await workbench.page.locator(".quick-input-widget input").first().fill("doubled");
  await workbench.page.keyboard.press("Enter");
  await rows.nth(1).waitFor({ state: "detached" });
  assert.match((await rows.first().getAttribute("aria-label")) ?? "", /answers/);
  await workbench.screenshot("experiments");
});
