import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { encodePng } from "../../kernel/sdk/media/png.ts";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { galleryExample, gridExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
  await output.page.evaluate(() => {
    const live = new Set<string>();
    Object.assign(globalThis, { live });
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (object) => {
      const url = createObjectURL.call(URL, object);
      live.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      live.delete(url);
      revokeObjectURL.call(URL, url);
    };
  });
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const until: RendererPage["until"] = (...condition) => output.until(...condition);
const show = (data: unknown, artifacts = {}) => output.show("images", JSON.stringify(data), artifacts);
const press = async (...keys: string[]) => {
  for (const key of keys) await output.page.keyboard.press(key);
};
const urls = () => output.page.evaluate(() => (globalThis as unknown as { live: Set<string> }).live.size);
const elements = () =>
  output.page.evaluate(() => document.getElementById("output")?.shadowRoot?.querySelectorAll("*").length ?? 0);
const scrollTo = (share: number) =>
  locate(".gallery-box").evaluate((box, at) => {
    box.scrollTop = at * box.scrollHeight;
  }, share);
/** Numbers of the images that are drawn, in the order of the page. */
const drawn = () => locate(".thumb").evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.index)));

test("five thousand images: what lives is bounded wherever one scrolls, and every image can be scrolled to", async () => {
  await show(galleryExample(5000));
  await locate(".thumb img[src]").first().waitFor();
  const seen = new Set<number>();
  for (let step = 0; step <= 20; step++) {
    await scrollTo(step / 20);
    // Scrolling is answered with the next frame: until then the cards of the place before are there.
    const index = Math.min(4999, step * 250);
    await until(`image ${index}`, async () => (await drawn()).includes(index));
    assert.ok((await drawn()).length < 250, `${(await drawn()).length} thumbnails`);
    assert.ok((await elements()) < 3000, `${await elements()} elements`);
    for (const index of await drawn()) seen.add(index);
  }
  assert.ok(seen.has(0) && seen.has(4999));
  const height = await locate(".gallery-box").evaluate((box) => box.scrollHeight);
  const first = (await locate(".card").first().boundingBox())!;
  const rows = Math.ceil(5000 / Math.floor((968 + 12) / (first.width + 12)));
  assert.ok(Math.abs(height / rows - (first.height + 12)) < 2, "every row has its place");
  await until("pictures at the end", async () => locate(".thumb img[src]").last().isVisible());
  await output.clear();
  assert.equal(await urls(), 0);
});

test("keys go through a thousand images, the viewer too, and back to the one seen last", async () => {
  await show(galleryExample(1000));
  await locate(".thumb").first().focus();
  await press("ArrowRight", "ArrowRight", "ArrowDown");
  assert.match(await output.focusedLabel(), /^Open image 12:/, "nine beside each other");
  await press("End");
  assert.match(await output.focusedLabel(), /^Open image 1000:/);
  await press("PageUp");
  const [, paged] = /^Open image (\d+):/.exec(await output.focusedLabel()) ?? [];
  assert.ok(Number(paged) < 1000 && Number(paged) > 900, `image ${paged}`);
  await press("Home");
  assert.match(await output.focusedLabel(), /^Open image 1:/);
  await press("ArrowLeft", "ArrowUp");
  assert.match(await output.focusedLabel(), /^Open image 1:/, "there is nothing before the first");
  assert.equal(await locate('.thumb[tabindex="0"]').count(), 1, "one stop of the Tab key");

  await press("Enter");
  await press("ArrowLeft");
  assert.equal(await locate(".viewer .sub").first().textContent(), "1000 of 1000");
  await press("Escape");
  assert.match(await output.focusedLabel(), /^Open image 1000:/);
  assert.ok(await locate('.thumb[data-index="999"]').isVisible());

  // The card that has the focus stays while the wheel goes elsewhere, so that keys go on from it.
  await scrollTo(0);
  await until("the first cards", async () => (await drawn()).includes(0));
  assert.match(await output.focusedLabel(), /^Open image 1000:/);
  await press("ArrowLeft");
  assert.match(await output.focusedLabel(), /^Open image 999:/);
  assert.ok(!(await drawn()).includes(0));
  assert.deepEqual(await output.accessibilityFaults(), []);
});

test("a thousand images are searched, grouped and sorted; their order is that of the page", async () => {
  const data = galleryExample(1000);
  const models = ["alpha", "beta", "gamma"];
  const items = data.items.map((item, i) => ({
    ...item,
    model: models[i % 3],
    badges: { CLIP: String(((i * 37) % 1000) / 1000) },
  }));
  await show({ ...data, items });
  await locate('select[aria-label="Sort by"]').selectOption({ label: "CLIP, lowest first" });
  const ranked = items.map((_, i) => i).sort((a, b) => Number(items[a]!.badges.CLIP) - Number(items[b]!.badges.CLIP));
  assert.deepEqual((await drawn()).slice(0, 20), ranked.slice(0, 20));
  await locate('select[aria-label="Group by"]').selectOption({ label: "model" });
  assert.equal(await locate(".cards .section h4").first().textContent(), "alpha");
  const alpha = ranked.filter((i) => i % 3 === 0);
  assert.deepEqual((await drawn()).slice(0, 20), alpha.slice(0, 20));
  await scrollTo(0.5);
  await until("the heading in view stays", async () => (await locate(".stuck b").textContent()) === "beta");
  await output.screenshot("gallery-grouped-dark");
  await locate('input[type="search"]').fill("GAMMA 0.15");
  const found = ranked.filter((i) => i % 3 === 2 && items[i]!.badges.CLIP.includes("0.15"));
  assert.ok(found.length > 2);
  await until("what was found", async () => (await drawn()).length === found.length);
  assert.deepEqual(await drawn(), found);
  assert.equal(await locate(".arrangement .sub").textContent(), `${found.length} of 1,000`);
  await locate(".thumb").first().press("Enter");
  assert.equal(await locate(".viewer .sub").first().textContent(), `1 of ${found.length}`);
  await press("Escape");
  await locate('input[type="search"]').fill("zeppelin");
  assert.equal(await locate(".nothing-shown").innerText(), "No image has these words");
  assert.deepEqual(await output.accessibilityFaults(), []);
});

test("the wheel over a gallery scrolls it, and the notebook only at its end", async () => {
  await show(galleryExample(400));
  await output.page.evaluate(() => {
    const host = globalThis as unknown as { passedOn: number };
    host.passedOn = 0;
    window.addEventListener("wheel", () => host.passedOn++);
  });
  const passedOn = () => output.page.evaluate(() => (globalThis as unknown as { passedOn: number }).passedOn);
  const top = () => locate(".gallery-box").evaluate((box) => box.scrollTop);
  await locate(".gallery-box").hover();
  await output.page.mouse.wheel(0, 300);
  await until("it has scrolled", async () => (await top()) >= 300);
  assert.equal(await passedOn(), 0);
  await scrollTo(1);
  // Longer than the wheel is kept at the end of a box that has just been scrolled.
  await output.page.waitForTimeout(500);
  await output.page.mouse.wheel(0, 300);
  await until("the notebook has it", async () => (await passedOn()) === 1);
});

test("large images are shown as small copies, once; the viewer shows them whole", async () => {
  const side = 1200;
  const rgb = Uint8Array.from({ length: side * side * 3 }, (_, i) =>
    i % 3 === 0 ? 200 : Math.floor(i / (side * 3)) % 256,
  );
  const png = Buffer.from(encodePng({ width: side, height: side, channels: 3, data: rgb }));
  const sha256 = createHash("sha256").update(png).digest("hex");
  const media = { sha256, bytes: png.length, mime: "image/png" };
  const items = galleryExample(80).items.map((item) => ({ ...item, media, width: side, height: side }));
  await show(
    { layout: "gallery", items: items.map((item, i) => (i === 1 ? { ...item, width: 999 } : item)) },
    { [sha256]: png.toString("base64") },
  );
  const size = (selector: string) =>
    locate(selector)
      .first()
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await until("a copy", async () => (await size(".thumb img")) === 208);
  await until("the remark", async () => (await locate(".remark").count()) > 0);
  assert.match((await locate(".remark").first().textContent()) ?? "", /1200 × 1200 px; the output says 999 × 1200/);
  // The bytes are gone: what was made stays.
  await output.page.evaluate(() => Object.assign(globalThis, { artifacts: {} }));
  await scrollTo(1);
  await until("the end", async () => (await drawn()).includes(79));
  await until(
    "its copy",
    async () =>
      (await locate('.thumb[data-index="79"] img').evaluate((image) => (image as HTMLImageElement).naturalWidth)) ===
      208,
  );
  assert.equal(await urls(), 0);
  await show({ layout: "gallery", items: items.slice(0, 2) }, { [sha256]: png.toString("base64") });
  await locate(".thumb").first().press("Enter");
  await until("the whole", async () => (await size(".pane img")) === side);
  await press("Escape");
});

test("an image that moves is shown as it is, also where it is large: a copy would stand still", async () => {
  const side = 900;
  const frames = [40, 200].map((value) =>
    encodePng({ width: side, height: side, channels: 3, data: new Uint8Array(side * side * 3).fill(value) }),
  );
  const join = sharp(
    frames.map((frame) => Buffer.from(frame)),
    { join: { animated: true } },
  );
  const [webp, gif] = [await join.webp({ delay: [80, 80] }).toBuffer(), await join.gif({ delay: [80, 80] }).toBuffer()];
  const [item] = galleryExample(1).items;
  const items = [
    { ...item, width: side, height: side, media: { mime: "image/webp", base64: webp.toString("base64") } },
    { ...item, width: side, height: side, media: { mime: "image/gif", base64: gif.toString("base64") } },
  ];
  await show({ layout: "gallery", items });
  const widths = () =>
    locate(".thumb img").evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
  await until("both", async () => (await widths()).join() === `${side},${side}`);
  assert.equal(await locate(".remark").count(), 0);
});

test("a grid of 20 × 10 × 4 draws what is in view; keys reach every place, also after sorting", async () => {
  const { base64 } = gridExample().items[0]!.media as { base64: string };
  const rows = Array.from({ length: 20 }, (_, i) => `prompt ${i + 1}`);
  const groups = Array.from({ length: 10 }, (_, i) => `model ${i + 1}`);
  const columns = ["open_source_only", "research_safe", "full_dataset", "base"];
  const items = rows.flatMap((row, r) =>
    groups.flatMap((group, g) =>
      columns.map((column, c) => ({
        media: { mime: "image/png", base64 },
        width: 64,
        height: 64,
        alt: `${row}, ${group}, ${column}`,
        badges: { CLIP: String((r * 7 + g + c) % 20) },
        row,
        group,
        column,
      })),
    ),
  );
  await show({ layout: "grid", rows, groups, columns, items });
  await locate(".thumb img[src]").first().waitFor();
  assert.equal(await locate("tbody td").count(), 800, "every place is there");
  assert.ok((await drawn()).length < 250, `${(await drawn()).length} thumbnails`);
  const place = async (row: number, column: number) =>
    (await locate(`tbody tr:nth-child(${row}) td:nth-of-type(${column})`).boundingBox())!;
  const before = await place(20, 40);
  await locate(".thumb").first().focus();
  await press("End");
  assert.match(await output.focusedLabel(), /prompt 1, model 10 · base/);
  for (let row = 2; row <= 20; row++) await press("ArrowDown");
  assert.match(await output.focusedLabel(), /prompt 20, model 10 · base/);
  const { width, height } = await place(20, 40);
  assert.ok(
    Math.abs(width - before.width) < 2 && Math.abs(height - before.height) < 2,
    "an empty place keeps its size",
  );
  const frame = (await locate(".scroll").boundingBox())!;
  const focused = (await locate(".thumb:focus").boundingBox())!;
  const head = (await locate("thead").boundingBox())!;
  assert.ok(
    focused.y >= head.y + head.height && focused.y + focused.height <= frame.y + frame.height,
    "in view below the headers",
  );
  assert.ok((await drawn()).length < 250);
  await until("its picture", async () => locate(".thumb:focus img[src]").isVisible());
  await output.screenshot("grid-800-dark");
  await press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp");
  const above = (await locate(".thumb:focus").boundingBox())!;
  assert.ok(above.y >= head.y + head.height, "not under the headers");
  for (let row = 14; row <= 20; row++) await press("ArrowDown");
  await press("Home");
  assert.match(await output.focusedLabel(), /prompt 20, model 1 · open_source_only/);
  const left = (await locate(".thumb:focus").boundingBox())!;
  const label = (await locate("tbody tr:last-child th").boundingBox())!;
  assert.ok(left.x >= label.x + label.width, "not under the labels of rows");
  await locate('select[aria-label="Sort rows by"]').selectOption({ label: "CLIP, highest first" });
  await until("drawn anew", async () => (await locate("tbody tr:first-child .thumb").count()) > 0);
  assert.deepEqual(await output.accessibilityFaults(), []);
  assert.deepEqual(output.faults, []);
});
