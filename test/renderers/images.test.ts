import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { comparisonExample, galleryExample, gridExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const show = (data: unknown) => output.show("images", JSON.stringify(data));
const until: RendererPage["until"] = (...condition) => output.until(...condition);
const rowLabels = () => locate(".row-label").allTextContents();

test("modes stand under models; both header rows and the labels of rows stay in view", async () => {
  const data = comparisonExample();
  await show(data);
  assert.deepEqual(await locate(".groups .column-name").allTextContents(), data.groups);
  const spans = await locate(".groups th").evaluateAll((heads) =>
    heads.map((head) => (head as HTMLTableCellElement).colSpan),
  );
  assert.deepEqual(spans, [3, 3, 1], "under a model stand the modes that it has images of");
  assert.equal(await locate("thead tr:last-child th").count(), 7);
  const wanted = data.items.find(
    (item) => item.row === data.rows?.[1] && item.group === data.groups?.[1] && item.column === "research_safe",
  );
  const place = locate("tbody tr:nth-child(2) td:nth-of-type(5)");
  assert.equal(await place.locator(".chip", { hasText: "CLIP" }).locator(".value").textContent(), wanted?.badges?.CLIP);
  assert.match(
    (await place.locator(".thumb").getAttribute("aria-label")) ?? "",
    /tiny-scenes \+ style LoRA · research_safe/,
  );

  await locate('[data-size="L"]').click();
  const scroll = locate(".scroll");
  await scroll.evaluate((element) => element.scrollTo(700, 300));
  const frame = (await scroll.boundingBox())!;
  const group = (await locate(".groups .group-header").nth(1).boundingBox())!;
  const columns = (await locate("thead tr:last-child th").first().boundingBox())!;
  const label = (await locate("tbody th").nth(1).boundingBox())!;
  assert.ok(Math.abs((await locate("thead").boundingBox())!.y - frame.y) < 3, "the headers are at the top");
  assert.ok(columns.y > group.y && columns.y < frame.y + 120, "columns under groups");
  assert.ok(Math.abs(label.x - frame.x) < 3, "labels at the left");
  assert.ok(group.x >= label.x + label.width - 1, "the name of a group whose columns are in view is in view");
  await output.screenshot("comparison-scrolled-dark");
});

test("summaries stand in the headers of what they name", async () => {
  await show(comparisonExample());
  assert.deepEqual(await locate(".groups .chip .value").allTextContents(), ["4.271", "3.271", "2.271"]);
  assert.equal(await locate("thead tr:last-child th:nth-child(3) .chip.fact").textContent(), "images4");
  assert.equal(await locate("tbody tr:nth-child(3) > th .chip").textContent(), "difficulty0.81");
});

test("a mode that all columns share is said once, and their names stay", async () => {
  const data = gridExample();
  await show({ ...data, items: data.items.map((item) => ({ ...item, mode: "full_dataset" })) });
  assert.equal(await locate(".corner .chip").textContent(), "Full dataset");
  assert.deepEqual(await locate("thead .column-name").allTextContents(), data.columns);
  assert.equal(await locate("thead th .chip", { hasText: "Full dataset" }).count(), 0);
  await show(data);
  assert.equal(await locate(".corner .chip").count(), 0);
  assert.equal(await locate("thead th .chip", { hasText: "Full dataset" }).count(), 1);
});

test("rows sort by a metric over the row or in one column, and by label; the viewer goes in that order", async () => {
  const data = comparisonExample();
  await show(data);
  const by = locate('select[aria-label="Sort rows by"]');
  const within = locate('select[aria-label="Sort by the images of"]');
  /** The order by hand, from the data. */
  const ranking = (group?: string, column?: string) =>
    data.rows
      ?.map((row) => {
        const own = data.items.filter(
          (item) => item.row === row && (!group || item.group === group) && (!column || item.column === column),
        );
        return { row, mean: own.reduce((sum, item) => sum + Number(item.badges?.CLIP), 0) / own.length };
      })
      .toSorted((a, b) => b.mean - a.mean)
      .map(({ row }) => row);
  await by.selectOption({ label: "CLIP, highest first" });
  assert.deepEqual(await rowLabels(), ranking());
  await within.selectOption({ label: "base, untrained · open_source_only" });
  assert.deepEqual(await rowLabels(), ranking("base, untrained", "open_source_only"));
  assert.notDeepEqual(ranking(), ranking("base, untrained", "open_source_only"));
  await by.selectOption({ label: "label, Z to A" });
  assert.deepEqual(await rowLabels(), data.rows?.toSorted().toReversed());
  await by.selectOption({ label: "difficulty, highest first" });
  assert.equal((await rowLabels())[0], data.rows?.[2], "a row by its own summary; those without come last");

  await locate("tbody tr:first-child .thumb").first().click();
  assert.equal(await locate(".viewer .sub").first().textContent(), `1 of ${data.items.length}`);
  await output.page.keyboard.press("Escape");
  await by.selectOption({ label: "given order" });
  assert.deepEqual(await rowLabels(), data.rows);
});

test("a gallery sorts by words too", async () => {
  const data = galleryExample(5);
  await show(data);
  await locate('select[aria-label="Sort by"]').selectOption({ label: "prompt, A to Z" });
  const prompts = await locate(".card .prompt").allTextContents();
  assert.deepEqual(
    prompts,
    data.items.map((item) => item.prompt!).toSorted(new Intl.Collator("en", { numeric: true }).compare),
  );
  await locate(".thumb").first().press("Enter");
  await output.page.keyboard.press("ArrowRight");
  assert.equal(await locate(".viewer .sub").first().textContent(), "2 of 5");
  assert.match(await locate(".viewer .facts").innerText(), new RegExp(prompts[1]!));
  await output.page.keyboard.press("Escape");
});

test("C copies the image as PNG, S saves it: at a thumbnail, in the viewer, and by button", async () => {
  await output.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const data = galleryExample(3);
  const bytes = (index: number) => Buffer.from((data.items[index]!.media as { base64: string }).base64, "base64");
  /** Width, height and the sum of all bytes of the picture on the clipboard: browsers write PNG anew. */
  const copied = () =>
    output.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const image = await createImageBitmap(await item!.getType("image/png"));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(0, 0, image.width, image.height).data].join();
    });
  const pixelsOf = (base64: string) =>
    output.page.evaluate(async (text) => {
      const image = new Image();
      image.src = `data:image/png;base64,${text}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(0, 0, image.width, image.height).data].join();
    }, base64);
  const saved = () =>
    output.page.evaluate(() =>
      (globalThis as unknown as { saved: { name: string; base64: string }[] }).saved.splice(0),
    );
  /** What is saved next, once its bytes have been read. */
  const nextSaved = async () => {
    await output.page.waitForFunction(() => (globalThis as unknown as { saved: unknown[] }).saved.length > 0);
    return saved();
  };
  /** A page that has lost the focus may not read the clipboard; then it is asked again. */
  const isCopied = async (index: number) => {
    await output.page.bringToFront();
    const now = await copied().catch(() => undefined);
    return now !== undefined && now === (await pixelsOf(bytes(index).toString("base64")));
  };

  await show(data);
  await saved();
  await locate(".thumb").nth(1).focus();
  await output.page.keyboard.press("c");
  await until("it says so", async () => (await locate('[role="status"]').textContent()) === "Copied");
  await until("the second is copied", () => isCopied(1));
  await output.page.keyboard.press("s");
  const [first] = await nextSaved();
  assert.deepEqual(Buffer.from(first!.base64, "base64"), bytes(1));
  assert.match(first!.name, /^[\p{L}\p{N}-]+-1\.png$/u);

  await locate(".card").nth(2).hover();
  assert.equal(await locate(".thumb-actions").count(), 1);
  await output.screenshot("thumb-actions-dark");
  await locate('.card:nth-child(3) [title="Copy image (C)"]').click();
  await until("the third is copied", () => isCopied(2));

  await locate(".thumb").first().press("Enter");
  await output.page.keyboard.press("c");
  await until("the first is copied", () => isCopied(0));
  assert.deepEqual(await output.accessibilityFaults(), []);
  await locate('.viewer [title="Save image (S)"]').click();
  await until("saved", async () => (await saved()).length === 1);
  await output.page.keyboard.press("Escape");
});

test("what cannot be copied is said", async () => {
  const data = galleryExample(2);
  const missing = { sha256: createHash("sha256").update("gone").digest("hex"), bytes: 3, mime: "image/png" };
  await show({ ...data, items: [{ ...data.items[0], media: missing }, data.items[1]] });
  await locate(".thumb.missing").waitFor();
  await locate(".thumb").first().focus();
  await output.page.keyboard.press("c");
  await until("the reason is said", async () =>
    /Not copied: it is not in the store/.test((await locate('[role="status"]').textContent()) ?? ""),
  );
});

test("truncated and contradicting images say what is wrong, the rest is shown", async () => {
  const data = gridExample();
  const [whole] = data.items;
  const bytes = Buffer.from((whole!.media as { base64: string }).base64, "base64");
  const truncated = { mime: "image/png", base64: bytes.subarray(0, Math.floor(bytes.length * 0.6)).toString("base64") };
  const items = [
    { ...whole, media: truncated },
    { ...data.items[1], width: 128 },
    { ...data.items[2], seed: "seven", mood: "fine" },
    { ...data.items[3], row: "a row of another grid" },
    { ...data.items[4], column: undefined },
    ...data.items.slice(5),
  ];
  const rows = [...data.rows!, data.rows![0]];
  await show({ ...data, rows, items, summaries: [{ column: "nowhere", badges: { KID: "1" } }] });
  await until("both remarks", async () => (await locate(".remark").count()) === 2);
  const remarks = (await locate(".remark").allTextContents()).join("\n");
  assert.match(remarks, /Incomplete: its bytes end early/);
  assert.match(remarks, /Its size is 64 × 64 px; the output says 128 × 64/);
  assert.equal(await locate("tbody tr").count(), data.rows!.length);
  const unplaced = (await locate(".unplaced").innerText()).replace(/\s+/g, " ");
  assert.match(unplaced, /there is no row “a row of another grid”/);
  assert.match(unplaced, /it names no column/);
  const notices = (await locate(".notice").allTextContents()).join("\n");
  assert.match(notices, /1 part of this output could not be read[\s\S]*items\[2\]/);
  assert.match(notices, /1 row label is there more than once[\s\S]*a summary is of the column “nowhere”/);
  assert.equal(await locate(".thumb").count(), items.length, "an image with an unknown field is shown without it");
  assert.deepEqual(await output.accessibilityFaults(), []);
  await output.screenshot("images-contradicting-dark");
  assert.deepEqual(output.faults, []);
});

test("a grid of very many labels draws what has images", async () => {
  const data = gridExample();
  const many = (name: string) => Array.from({ length: 20_000 }, (_, i) => `${name} ${i}`);
  await show({ ...data, rows: [...many("row"), ...data.rows!], columns: [...many("column"), ...data.columns!] });
  await locate(".matrix").waitFor();
  assert.equal(await locate(".matrix .thumb").count(), data.items.length);
  assert.match(await locate(".notice").innerText(), /2 parts of this output do not fit the rest/);
});
