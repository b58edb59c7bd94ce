import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import {
  comparisonExample,
  complianceExample,
  galleryExample,
  gridExample,
  metricsExample,
  plotExample,
  recordExample,
} from "./examples.ts";
import { audioExample, meshExample, videoExample } from "./media-examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

/** Names that try a layout: without a place to break, from right to left, of pictures. */
const names = ["w".repeat(200), "صورة مكعب أحمر على الرمل تحت سماء النهار ".repeat(5), "👩‍🔬🎨🧪".repeat(30)];

/** The same data with a trying name in place of titles, prompts, models and labels. */
function tried<T>(data: T, name: string): T {
  const fields = new Set(["title", "prompt", "model", "label", "alt", "author", "reason", "note"]);
  return JSON.parse(JSON.stringify(data), (key, value) =>
    fields.has(key) && typeof value === "string" ? `${name} ${value}` : value,
  );
}

/** How far the page is wider than what is seen of it. */
const beyond = () =>
  output.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("outputs with trying names stay within 300 pixels, and within a wide window", async () => {
  const examples: [string, unknown][] = [
    ["images", galleryExample(7)],
    ["images", { layout: "gallery", items: [] }],
    ["images", galleryExample(1)],
    ["images", galleryExample(100)],
    ["images", gridExample()],
    ["images", comparisonExample()],
    ["table", metricsExample()],
    ["table", { columns: [{ name: names[0]!, kind: "text" }], rows: [] }],
    ["compliance", complianceExample()],
    ["record", recordExample()],
    ["plot", plotExample(30)],
    ["plot", { data: [] }],
    ["progress", { label: "Train", done: 3, total: 7, facts: { [names[0]!]: names[0]! } }],
    ["video", await videoExample()],
    ["audio", audioExample()],
    ["mesh", await meshExample()],
  ];
  const wide: string[] = [];
  for (const width of [300, 1600]) {
    await output.page.setViewportSize({ width, height: 760 });
    for (const [at, [kind, data]] of examples.entries()) {
      await output.show(kind, JSON.stringify(tried(data, names[at % names.length]!)));
      await output.locate(`.assay.${kind}`).waitFor();
      await output.page.waitForTimeout(kind === "plot" || kind === "mesh" ? 500 : 150);
      const by = await beyond();
      if (by > 0) wide.push(`${kind} (${at}) is ${by} px wider than ${width}`);
      await output.screenshot(`narrow-${at}-${kind}-${width}`);
      await output.clear();
    }
  }
  assert.deepEqual(wide, []);
  assert.deepEqual(output.faults, []);
});
