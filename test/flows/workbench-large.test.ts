import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { fillStore } from "../support/synthetic-store.ts";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let file: string;
let workbench: Workbench;
const limit = { timeout: 240_000 };
const lines = 100_000;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-large-"));
  await mkdir(join(folder, ".assay"));
  fillStore(join(folder, ".assay"), { records: 4000, notebooks: 2, days: 3, end: new Date(2025, 4, 17, 12), folder });
  file = join(folder, "flood.ipynb");
  await writeNotebook(file, cells);
  workbench = await Workbench.open({ folder, file });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `for (let i = 0; i < ${lines}; i++) console.log("number", i);
"counted"`,
  `// Written meanwhile: `,
] as const;

test("while a hundred thousand lines come one can write and open views, and every line is kept", limit, async (t) => {
  await workbench.notebookReady();
  await workbench.putCursorAtEnd(1);
  await workbench.page.evaluate(watchFrames);
  await workbench.run(0);
  await workbench.outputs
    .getByText(/number \d+/)
    .first()
    .waitFor();
  await workbench.putCursorAtEnd(1);
  const letters: number[] = [];
  for (const letter of "not frozen") {
    letters.push(
      await milliseconds(async () => {
        await workbench.page.keyboard.type(letter);
        await workbench.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      }),
    );
  }
  await workbench.cell(1).getByText("Written meanwhile: not frozen").first().waitFor();
  const view = await milliseconds(async () => {
    await workbench.command("Assay: Focus on Experiments View");
    await workbench.rows("Experiments").first().waitFor();
  });
  await workbench.succeeded(0);
  const longest = await workbench.page.evaluate(longestFrame);
  t.diagnostic(
    `a letter was drawn after at most ${Math.max(...letters).toFixed(0)} ms, a view after ${view.toFixed(0)} ms; the longest gap between two frames was ${longest.toFixed(0)} ms`,
  );
  await workbench.showOutput(0, workbench.outputs.getByText(`number ${lines - 1}`));
  await workbench.screenshot("many-lines");
  await workbench.putCursorAtEnd(1);
  await workbench.page.keyboard.type(", and after");
  await workbench.cell(1).getByText("and after").first().waitFor();
  await workbench.save();
  const [stream, result] = JSON.parse(await readFile(file, "utf8")).cells[0].outputs;
  const printed: string[] = stream.text.join("").split("\n");
  assert.equal(printed.pop(), "", "the last line ends");
  assert.equal(printed.length, lines);
  assert.equal(
    printed.findIndex((line, i) => line !== `number ${i}`),
    -1,
    "every line is there, in order",
  );
  assert.deepEqual(result.data["text/plain"], ["'counted'"]);
});

test("thousands of records are divided by days; one scrolls, searches, filters and opens one", limit, async () => {
  await workbench.command("View: Close All Editors");
  await workbench.command("Assay: Focus on Experiments View");
  const rows = workbench.rows("Experiments");
  const notebook = rows.filter({ hasText: "study-0.ipynb" }).first();
  await notebook.filter({ hasText: "2,000 records" }).click();
  // A whole day: more than two pages of 200.
  await rows
    .filter({ hasText: /16.*2025/ })
    .filter({ hasText: "667 records" })
    .first()
    .click();
  const records = rows.filter({ hasText: /cell \d+/ });
  await records.first().waitFor();
  await workbench.screenshot("experiments-days");

  // The end of the page that is loaded, reached with the wheel; it leads to older records.
  const older = rows.filter({ hasText: "Load older records" }).first();
  await records.first().hover();
  await until(older, () => workbench.page.mouse.wheel(0, 1500));
  await older.click();
  await older.waitFor({ state: "detached" });
  await until(older, () => workbench.page.mouse.wheel(0, 1500));

  await workbench.command("Assay: Filter Records");
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "error" }).first().click();
  await until(rows.first(), () => workbench.page.mouse.wheel(0, -3000));
  // Every seventeenth of four thousand failed.
  await rows.filter({ hasText: "study-0.ipynb" }).filter({ hasText: "118 records" }).first().waitFor();
  await workbench.screenshot("experiments-filtered");
  await workbench.command("Assay: Show All Records");

  await workbench.command("Assay: Search Records");
  const box = workbench.page.locator(".quick-input-widget:visible");
  await box.locator("input").first().fill("zeppelin");
  await box.locator(".monaco-list-row", { hasText: "zeppelin, picture 3000" }).first().click();
  const card = workbench.frontFrame.locator(".assay.record");
  await card.locator(".title").waitFor();
  assert.match(await card.innerText(), /images3000 = await generate\.image/);
  await workbench.screenshot("experiments-record");
});

/** Repeats something until an element is drawn. */
async function until(wanted: Locator, again: () => Promise<void>): Promise<void> {
  for (let attempt = 0; (await wanted.count()) === 0; attempt++) {
    assert.ok(attempt < 300, `${wanted} did not come`);
    await again();
    await workbench.page.waitForTimeout(100);
  }
}

async function milliseconds(what: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await what();
  return performance.now() - begun;
}

/** In the window: notes the longest time between two frames from now on. */
function watchFrames(): void {
  let last = performance.now();
  const next = () => {
    const now = performance.now();
    const longest = Number(document.body.dataset.longestFrame ?? 0);
    document.body.dataset.longestFrame = String(Math.max(longest, now - last));
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

function longestFrame(): number {
  return Number(document.body.dataset.longestFrame);
}
