import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import {
  comparisonExample,
  complianceExample,
  galleryExample,
  gridExample,
  longTableExample,
  metricsExample,
  plotExample,
  recordExample,
} from "./examples.ts";
import { hostileExamples } from "./hostile.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);

test("every renderer is accessible in dark, light and high contrast", async () => {
  const examples: [string, string, unknown][] = [
    ["grid", "images", gridExample()],
    ["gallery", "images", galleryExample()],
    ["comparison", "images", comparisonExample()],
    ["metrics", "table", metricsExample()],
    ["long-table", "table", longTableExample(5000)],
    ["record", "record", recordExample()],
    ["compliance", "compliance", complianceExample()],
    [
      "violation",
      "compliance",
      complianceExample("This grid shows images that mode “Open source only” does not admit."),
    ],
    ["plot", "plot", plotExample()],
    [
      "progress",
      "progress",
      { label: "Train", done: 37, total: 120, rate: 3.2, remaining: 26, facts: { loss: "0.042" } },
    ],
  ];
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    for (const [name, kind, data] of examples) {
      await output.show(kind, JSON.stringify(data));
      await locate(`.assay.${kind}`).waitFor();
      if (kind === "plot") await locate("svg.main-svg").first().waitFor();
      if (kind === "images") {
        const image = locate("img[src]").first();
        await image.waitFor();
        await image.evaluate((element: HTMLImageElement) => element.decode());
      }
      assert.deepEqual(await output.accessibilityFaults(), [], `${name} in ${theme}`);
      await output.screenshot(`${name}-${theme}`);
      await output.clear();
    }
  }
  assert.deepEqual(output.faults, []);
  await output.setTheme("dark");
});

test("a grid has its images at their rows and columns, under headers that stay in view", async () => {
  const data = gridExample();
  await output.show("images", JSON.stringify(data));
  assert.equal(await locate("tbody tr").count(), data.rows?.length);
  assert.equal(await locate("thead th").count(), data.columns?.length);
  const third = data.items[3 * 2 + 1]!;
  const image = locate("tbody tr:nth-child(3) td:nth-of-type(2) img");
  assert.equal(await image.getAttribute("alt"), third.alt);
  const scroll = locate(".scroll");
  await scroll.evaluate((element) => element.scrollTo(0, 200));
  const [frame, header] = [await scroll.boundingBox(), await locate("thead th").first().boundingBox()];
  assert.ok(frame && header && Math.abs(header.y - frame.y) < 3, "the header row is at the top of the scrolled grid");
});

test("an image opens large, keys go through images and zoom, Escape goes back to the image seen last", async () => {
  await output.show("images", JSON.stringify(galleryExample(5)));
  await locate(".thumb").nth(1).focus();
  await output.page.keyboard.press("Enter");
  await locate(".viewer").waitFor();
  assert.equal(await locate(".viewer .sub").first().textContent(), "2 of 5");
  await output.page.keyboard.press("ArrowRight");
  assert.equal(await locate(".viewer .sub").first().textContent(), "3 of 5");
  const width = async () => (await locate(".pane img").boundingBox())?.width ?? 0;
  const fitted = await width();
  await output.page.keyboard.press("+");
  assert.ok((await width()) > fitted * 1.4);
  await output.page.keyboard.press("0");
  assert.ok(Math.abs((await width()) - fitted) < 1);
  assert.deepEqual(await output.accessibilityFaults(), []);
  await output.screenshot("viewer-dark");
  await output.page.keyboard.press("Escape");
  assert.equal(await locate(".viewer").isVisible(), false);
  assert.match(await output.focusedLabel(), /^Open image 3:/);
});

test("two images of a row are compared side by side in step, and under a slider", async () => {
  await output.show("images", JSON.stringify(gridExample()));
  await locate("tbody tr:first-child .thumb").first().click();
  const choice = locate('select[aria-label="Compare with"]');
  assert.deepEqual(await choice.locator("option").allTextContents(), ["nothing", "research_safe", "full_dataset"]);
  await choice.selectOption({ label: "full_dataset" });
  assert.equal(await locate(".pane img").count(), 2);
  await output.page.keyboard.press("Escape");
  await locate("tbody tr:first-child .thumb").first().click();
  await locate(".viewer").press("+");
  const boxes = await locate(".pane img").evaluateAll((images) =>
    images.map((image) => image.getBoundingClientRect().width),
  );
  assert.ok(boxes.length === 2 && boxes[0] === boxes[1], "both are zoomed alike, and the choice was kept");
  await output.screenshot("compare-side-dark");
  await locate(".viewer .segments button", { hasText: "Slider" }).click();
  await locate("input.slider").fill("20");
  const clip = await locate(".pane.second").evaluate((pane) => getComputedStyle(pane).clipPath);
  assert.match(clip, /20%/);
  assert.deepEqual(await output.accessibilityFaults(), []);
  await output.screenshot("compare-slider-dark");
  await locate(".viewer").press("Escape");
});

test("a gallery sorts by a number, and back to the given order", async () => {
  const data = galleryExample(4);
  const items = data.items.map((item, i) => ({
    ...item,
    badges: i === 1 ? {} : { CLIP: ["0.3", "", "0.1", "0.2"][i]! },
  }));
  await output.show("images", JSON.stringify({ ...data, items }));
  const seeds = () => locate(".card .chip.fact:first-child .value").allTextContents();
  await locate('select[aria-label="Sort by"]').selectOption({ label: "CLIP, highest first" });
  assert.deepEqual(await seeds(), ["0", "3", "2", "1"]);
  await locate('select[aria-label="Sort by"]').selectOption({ label: "given order" });
  assert.deepEqual(await seeds(), ["0", "1", "2", "3"]);
});

test("referenced media are asked for; what the store refuses is said in its place", async () => {
  const data = galleryExample(2);
  const bytes = Buffer.from((data.items[0]!.media as { base64: string }).base64, "base64");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const reference = { sha256, bytes: bytes.length, mime: "image/png" };
  const missing = { ...reference, sha256: "0".repeat(64) };
  const items = [
    { ...data.items[0], media: reference },
    { ...data.items[1], media: missing },
  ];
  await output.show("images", JSON.stringify({ ...data, items }), { [sha256]: bytes.toString("base64") });
  const loaded = locate(".thumb img").first();
  await loaded.evaluate(async (image: HTMLImageElement) => {
    for (let attempt = 0; attempt < 500 && !image.src; attempt++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await image.decode();
  });
  assert.equal(await loaded.evaluate((image: HTMLImageElement) => image.naturalWidth), 64);
  await locate(".thumb.missing").waitFor();
  assert.match((await locate(".thumb.missing").textContent()) ?? "", /it is not in the store/);
});

test("compliance adds up, groups exclusions, and opens an item's evidence", async () => {
  const data = complianceExample();
  await output.show("compliance", JSON.stringify(data));
  const admitted = data.items.filter((item) => item.admitted).length;
  const counts = (await locate(".exclusions .count").allTextContents()).map(Number);
  assert.equal(
    counts.reduce((a, b) => a + b, 0),
    data.items.length - admitted,
  );
});

test("progress and live plots change in place", async () => {
  await output.show("progress", JSON.stringify({ label: "Train", done: 1, total: 10 }));
  const bar = locate('[role="progressbar"]');
  const before = await bar.elementHandle();
  await output.show("progress", JSON.stringify({ label: "Train", done: 10, total: 10, state: "done", rate: 5 }));
  assert.equal(await bar.getAttribute("aria-valuenow"), "10");
  assert.ok(await bar.evaluate((now, then) => now === then, before), "the same element shows the newer state");

  await output.show("plot", JSON.stringify({ ...plotExample(20), live: true }));
  await locate("svg.main-svg").first().waitFor();
  const canvas = await locate(".canvas").elementHandle();
  const longest = () =>
    locate(".scatterlayer path.js-line")
      .first()
      .evaluate((path) => (path.getAttribute("d") ?? "").split(/[ML]/).length);
  const short = await longest();
  await output.show("plot", JSON.stringify({ ...plotExample(60), live: true }));
  await output.page.waitForFunction((least) => {
    const path = document.getElementById("output")?.shadowRoot?.querySelector(".scatterlayer path.js-line");
    return (path?.getAttribute("d") ?? "").split(/[ML]/).length > least + 20;
  }, short);
  assert.ok(await locate(".canvas").evaluate((now, then) => now === then, canvas));
});

test("hostile data run nothing, load nothing, and are answered with words", async () => {
  const faultsBefore = output.faults.length;
  await output.page.evaluate(() => {
    (globalThis as { harmed?: string[] }).harmed = [];
  });
  for (const { name, kind, text: json, shows } of hostileExamples()) {
    await output.show(kind, json);
    await output.page.waitForTimeout(kind === "plot" ? 250 : 60);
    const text = () => locate(`.assay.${kind}`).first().innerText();
    // What says that an image cannot be decoded comes when that was tried.
    for (let attempt = 0; attempt < 100 && !shows.test(await text()); attempt++) await output.page.waitForTimeout(50);
    assert.match(await text(), shows, name);
    assert.deepEqual(await output.page.evaluate(() => (globalThis as { harmed?: string[] }).harmed), [], name);
    assert.equal(await output.page.evaluate(() => "polluted" in {}), false, name);
    const markup = await output.page.evaluate(() => {
      const root = document.getElementById("output")?.shadowRoot;
      return [
        ...(root?.querySelectorAll("script, iframe, object, embed, link, [onerror], [onload], a[href^='javascript']") ??
          []),
      ].map((element) => element.outerHTML.slice(0, 120));
    });
    assert.deepEqual(markup, [], name);
    await output.clear();
  }
  assert.deepEqual(output.faults.slice(faultsBefore), []);
});
