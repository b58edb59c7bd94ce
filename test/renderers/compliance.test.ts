import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ComplianceOutput, complianceOutput } from "../../kernel/protocol/outputs.ts";
import { datasetEvents, itemEvent, madeEvent, noai, watchedStore } from "../support/watched-store.ts";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { complianceExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const show = (data: unknown) => output.show("compliance", JSON.stringify(data));
const themes = ["dark", "light", "high-contrast"] as const;
const modes = ["open_source_only", "research_safe", "full_dataset"] as const;
const text = async (selector: string) => (await locate(selector).first().innerText()).replace(/\s+/g, " ");

/** The output as versions of before wrote it: no verdicts of other modes. */
function earlier(data: ComplianceOutput): ComplianceOutput {
  return { ...data, items: data.items.map(({ verdicts: _, ...item }) => item) };
}

test("the modes stand side by side, by items and bytes; the output's own is marked", async () => {
  const data = complianceOutput.parse(complianceExample());
  await show(data);
  const admitted = modes.map((mode) =>
    data.items.filter((item) => (mode === data.mode ? item.admitted : item.verdicts![mode]!.admitted)),
  );
  const counts = admitted.map((items) => String(items.length));
  const cards = await locate(".mode .number").allInnerTexts();
  assert.deepEqual(
    cards.map((card) => card.split(/\s/)[0]),
    counts,
  );
  assert.ok(new Set(counts).size === 3, "the example tells the modes apart");
  assert.match(await text(".mode.own"), /Open source only applied here/);
  const kilobytes = admitted.map((items) => items.reduce((sum, { bytes }) => sum + bytes, 0) / 1000);
  const shown = await locate(".mode .bytes").allInnerTexts();
  for (const [index, size] of kilobytes.entries()) {
    const [value, unit] = shown[index]!.split(" ");
    assert.ok(
      Math.abs(Number(value) * (unit === "MB" ? 1000 : 1) - size) <= size * 0.05,
      `${shown[index]} for ${size} kB`,
    );
  }
  const rows = await locate(".classes tbody tr").allInnerTexts();
  assert.equal(rows.length, new Set(data.items.map(({ licenceClass }) => licenceClass)).size);
  const fair = rows.find((row) => row.includes("Fair use"))!.split("\t");
  assert.deepEqual(
    fair.slice(-3).map((cell) => cell.trim()),
    ["excluded", "admitted", "admitted"],
  );
});

test("an output of before says what it holds, and that it does not say the rest", async () => {
  await show(earlier(complianceExample()));
  assert.match(await text(".mode.own .number"), /^\d+ of 300 items admitted/);
  assert.match(await text(".mode:not(.own)"), /does not say what this mode would admit/);
  assert.match(await text(".classes tbody tr"), /not said/);
});

test("the warning is the first thing in the output, an alert in every theme, also where parts cannot be read", async () => {
  const words = "This grid shows images that mode “Open source only” does not admit.";
  const data = complianceExample(words);
  for (const theme of themes) {
    await output.setTheme(theme);
    await show({ ...data, items: [...data.items, { id: "broken", licenceClass: "free" }] });
    const first = locate(".assay > *").first();
    assert.equal(await first.getAttribute("role"), "alert");
    assert.ok((await first.innerText()).includes(words));
    const [box, all] = [await first.boundingBox(), await locate(".assay").boundingBox()];
    assert.ok(
      box && all && box.height >= 60 && box.width > all.width * 0.95 && box.y - all.y < 2,
      `${theme}: it is large`,
    );
    const width = await first.evaluate((element) => Number.parseFloat(getComputedStyle(element).borderTopWidth));
    assert.ok(width >= 2, `${theme}: its border is seen`);
    assert.match(await text(".notice"), /1 part of this output could not be read/);
    assert.match(await text(".mode.own .number"), /of 300 items/);
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`violation-${theme}`);
    await output.clear();
  }
  await output.setTheme("dark");
});

test("the card that the kernel puts into a cell names what breaks the mode, line by line, whatever the names hold", async (t) => {
  const hostile = '<img src=x onerror="globalThis.owned=1">';
  const { run } = watchedStore(t);
  run(
    "full_dataset",
    itemEvent("harbour.jpg", "copyrighted", { title: "Harbour", author: hostile }),
    itemEvent(`${hostile}.jpg`, "creative_commons", { optOuts: [noai], page: "javascript:alert(1)" }),
    itemEvent("free.jpg", "public_domain"),
    ...datasetEvents(`night ${hostile}`, "full_dataset", ["harbour.jpg", `${hostile}.jpg`, "free.jpg"]),
    madeEvent("lora", "style", [`set night ${hostile}`]),
  );
  const { outputs } = run("open_source_only", madeEvent("output", "picture", ["style"]));
  const [card] = outputs;
  assert.ok(card?.type === "display");
  for (const theme of themes) {
    await output.setTheme(theme);
    await show(card.data["application/vnd.assay.compliance.v1+json"]);
    const alert = locate(".assay > *").first();
    assert.equal(await alert.getAttribute("role"), "alert");
    const lines = (await alert.innerText()).split("\n").filter((line) => line.trim() !== "");
    assert.equal(lines.length, 3);
    assert.match(lines[1]!, /^1 output of this cell comes from what mode “Open source only” does not admit\.$/);
    assert.match(
      lines[2]!,
      /through LoRA style: 2 of 3 items\. harbour\.jpg: of class “Copyrighted”, and mode “Open source only” admits/,
    );
    assert.match(lines[2]!, /onerror.*noai directive: training is not allowed/);
    assert.match(await text(".mode.own .number"), /^0 of 2 items admitted/);
    assert.equal(await locate("img").count(), 0);
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`violation-card-${theme}`);
    await output.clear();
  }
  await output.setTheme("dark");
  assert.equal(await output.page.evaluate(() => (globalThis as { owned?: number }).owned), undefined);
});

test("an item opens to its verdicts and its evidence; filters narrow the list", async () => {
  const data = complianceExample();
  for (const theme of themes) {
    await output.setTheme(theme);
    await show(data);
    await locate(".all-items > summary").click();
    await locate(".items > li summary").first().click();
    await locate(".items .item-body td").first().waitFor();
    const body = await text(".items .item-body");
    assert.match(body, /license_url/);
    assert.match(body, /Open source only.*Research safe.*Full dataset/);
    assert.equal(await locate(".items > li").count(), 50);
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`compliance-evidence-${theme}`);
    if (theme !== "high-contrast") await output.clear();
  }
  await output.setTheme("dark");
  await locate('select[aria-label="Verdict"]').selectOption("excluded");
  await locate('select[aria-label="Licence class"]').selectOption("unknown");
  const expected = data.items.filter((item) => !item.admitted && item.licenceClass === "unknown").length;
  assert.ok(expected > 0 && expected < 300);
  assert.match(await text(".filters [role=status]"), new RegExp(`of ${expected} items`));
  await locate('input[type="search"]').fill("no such words");
  assert.match(await text(".filters [role=status]"), /0 of 0 items/);
});

test("attributions name title, author, source and licence of what is admitted, and say what is missing", async () => {
  const [first, ...rest] = complianceExample().items.filter((item) => item.admitted);
  const { author: _, ...nameless } = first!;
  const refused = complianceExample().items.filter((item) => !item.admitted);
  await show({ ...complianceExample(), items: [nameless, ...rest, ...refused] });
  await locate("button").filter({ hasText: "Copy attributions" }).click();
  await locate("button").filter({ hasText: "Copied" }).waitFor();
  const lines = (await output.page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
  assert.equal(lines.length, rest.length + 1);
  assert.match(lines[0]!, /^"Scene \d+", author not named, https:\/\/example\.org\/photos\/\d+, CC/);
  assert.match(lines[1]!, /^"Scene \d+" by Synthetic Author \d, https:\/\/example\.org\/photos\/\d+, CC/);
  await locate(".attributions summary").click();
  await locate(".attributions pre").filter({ hasText: "author not named" }).waitFor();
});

test("ten thousand items are drawn a page at a time, and can be searched", async () => {
  await show(complianceExample(undefined, 10_000));
  assert.match(await text(".mode.own .number"), /of 10,000 items/);
  await locate(".all-items > summary").click();
  await locate(".items > li").first().waitFor();
  assert.equal(await locate(".items > li").count(), 50);
  await locate(".all-items > button").click();
  assert.equal(await locate(".items > li").count(), 100);
  await locate('input[type="search"]').fill("Scene 9999");
  assert.match(await text(".filters [role=status]"), /1 of 1 item/);
  const nodes = await output.page.evaluate(
    () => document.getElementById("output")!.shadowRoot!.querySelectorAll("*").length,
  );
  assert.ok(nodes < 2000, `${nodes} elements`);
});
