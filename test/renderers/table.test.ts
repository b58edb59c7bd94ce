import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import * as arrow from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { longTableExample, metricsExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const column = (n: number) => locate(`tbody td:nth-child(${n})`).allTextContents();
/** Waits until the line beside the title says something. */
const says = (start: string) =>
  output.page.waitForFunction(
    (text) => document.getElementById("output")?.shadowRoot?.querySelector(".sub")?.textContent?.startsWith(text),
    start,
  );
/** Waits until the first cell of a column shows something. */
const firstIs = (n: number, text: string) =>
  output.page.waitForFunction(
    ([at, wanted]) =>
      document.getElementById("output")?.shadowRoot?.querySelector(`tbody tr td:nth-child(${at})`)?.textContent ===
      wanted,
    [n, text] as const,
  );
const active = () =>
  output.page.evaluate(() => document.getElementById("output")?.shadowRoot?.activeElement?.textContent);

async function showArrow(
  table: arrow.Table,
  kinds: Readonly<Record<string, string>>,
  more: object = {},
): Promise<void> {
  const bytes = arrow.tableToIPC(table);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const columns = Object.entries(kinds).map(([name, kind]) => ({ name, kind }));
  const reference = { sha256, bytes: bytes.length, mime: "application/vnd.apache.arrow.stream" };
  await output.clear();
  await output.show("table", JSON.stringify({ columns, arrow: reference, total: table.numRows, ...more }), {
    [sha256]: Buffer.from(bytes).toString("base64"),
  });
  await locate("tbody td").first().waitFor();
}

async function exported(format: "CSV" | "Parquet" | "Arrow"): Promise<{ name: string; bytes: Buffer }> {
  await output.page.evaluate(() => {
    (globalThis as unknown as { saved: unknown[] }).saved = [];
  });
  await locate(".menu summary").click();
  await locate(".choices button", { hasText: format }).click();
  await output.page.waitForFunction(() => (globalThis as unknown as { saved: unknown[] }).saved.length > 0);
  const { name, base64 } = await output.page.evaluate(
    () => (globalThis as unknown as { saved: { name: string; base64: string }[] }).saved[0]!,
  );
  return { name, bytes: Buffer.from(base64, "base64") };
}

test("a table sorts numbers by value, keeps empty values last, and copies what is shown", async () => {
  await output.show("table", JSON.stringify(metricsExample()));
  const kid = locate("th button.sort", { hasText: "KID" });
  await kid.click();
  await firstIs(3, "3.02");
  assert.deepEqual(await column(3), ["3.02", "4.27", "–"]);
  await kid.click();
  await firstIs(3, "4.27");
  assert.deepEqual(await column(3), ["4.27", "3.02", "–"]);
  assert.equal(await locate("th").nth(2).getAttribute("aria-sort"), "descending");
  await locate(".tools button", { hasText: "Copy" }).click();
  await locate(".tools button", { hasText: "Copied" }).waitFor();
  const text = await output.page.evaluate(() => navigator.clipboard.readText());
  const copied = text.trimEnd().split("\n");
  assert.deepEqual(
    copied.map((line) => line.split("\t")[2]),
    ["KID", "4.271", "3.02", ""],
  );
});

test("sorting puts numbers, texts and big integers in the order of the plain sort, either way", async () => {
  const n = 500;
  const numbers = Array.from({ length: n }, (_, i) => {
    if (i % 50 === 0) return Number.NaN;
    return i % 7 === 0 ? -((i * 37) % 101) / 3 : ((i * 7919) % 1009) * 10 ** ((i % 9) - 4);
  });
  numbers[3] = Number.NEGATIVE_INFINITY;
  numbers[4] = Number.POSITIVE_INFINITY;
  const big = Array.from({ length: n }, (_, i) => 2n ** 60n + BigInt((i * 31) % n));
  const texts = Array.from({ length: n }, (_, i) => (i % 11 === 0 ? null : `image ${(i * 13) % n}`));
  const table = new arrow.Table({
    row: arrow.vectorFromArray(
      numbers.map((_, i) => i),
      new arrow.Int32(),
    ),
    number: arrow.vectorFromArray(numbers, new arrow.Float64()),
    big: arrow.vectorFromArray(big, new arrow.Int64()),
    text: arrow.vectorFromArray(texts, new arrow.Utf8()),
  });
  await showArrow(table, { row: "number", number: "number", big: "number", text: "text" });
  const order = async (name: string, clicks: number) => {
    await locate("th button.sort", { hasText: name }).click();
    await locate(`th[aria-sort="${clicks === 1 ? "ascending" : "descending"}"]`, { hasText: name }).waitFor();
    await locate(".tools button", { hasText: "Copy" }).click();
    await locate(".tools button", { hasText: "Copied" }).waitFor();
    const text = await output.page.evaluate(() => navigator.clipboard.readText());
    await locate(".tools button", { hasText: "Copied" }).waitFor({ state: "detached" });
    return text
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split("\t")[0]));
  };
  const rows = numbers.map((_, i) => i);
  const expected = (compare: (a: number, b: number) => number, gap: (i: number) => boolean, sign: number) =>
    [...rows].sort((a, b) => (gap(a) || gap(b) ? Number(gap(a)) - Number(gap(b)) : sign * compare(a, b)) || a - b);
  const byNumber = (a: number, b: number) => (numbers[a]! < numbers[b]! ? -1 : Number(numbers[a]! > numbers[b]!));
  const byBig = (a: number, b: number) => (big[a]! < big[b]! ? -1 : Number(big[a]! > big[b]!));
  const byText = (a: number, b: number) => (texts[a] ?? "").localeCompare(texts[b] ?? "", "en", { numeric: true });
  for (const sign of [1, -1]) {
    const clicks = sign === 1 ? 1 : 2;
    assert.deepEqual(
      await order("number", clicks),
      expected(byNumber, (i) => Number.isNaN(numbers[i]), sign),
    );
  }
  for (const sign of [1, -1])
    assert.deepEqual(
      await order("big", sign === 1 ? 1 : 2),
      expected(byBig, () => false, sign),
    );
  for (const sign of [1, -1])
    assert.deepEqual(
      await order("text", sign === 1 ? 1 : 2),
      expected(byText, (i) => texts[i] === null, sign),
    );
});

test("a long table draws only the cells in view; keys and the filter reach all of them", async () => {
  await output.clear();
  await output.show("table", JSON.stringify(longTableExample(200_000)));
  assert.ok((await locate("tbody tr").count()) < 80);
  await locate("tbody td").first().click();
  await output.page.keyboard.press("Control+End");
  await output.page.keyboard.press("Home");
  assert.equal(await active(), "199,999");
  await output.page.keyboard.press("ArrowUp");
  assert.equal(await active(), "199,998");
  await locate(".head input").fill("number 123456");
  await says("1 of");
  assert.equal(await locate("tbody td").first().textContent(), "123,456");
});

test("two hundred columns are drawn where they are looked at, and reached by keys", async () => {
  const columns = Array.from({ length: 200 }, (_, i) => ({ name: `feature ${i}`, kind: "number" }));
  const rows = Array.from({ length: 300 }, (_, r) => columns.map((_, c) => r * 1000 + c));
  await output.clear();
  await output.show("table", JSON.stringify({ title: "Wide", columns, rows }));
  await locate("tbody td").first().click();
  assert.ok((await locate("th").count()) < 60);
  await output.page.keyboard.press("End");
  assert.equal(await active(), "199");
  assert.equal(await locate("th", { hasText: "feature 199" }).count(), 1);
  await output.page.keyboard.press("Control+End");
  assert.equal(await active(), "299,199");
  assert.deepEqual(await output.accessibilityFaults(), []);
  await output.screenshot("table-wide-dark");
});

test("columns are summarised from every row, and narrowed by range, text and gaps", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => [
    i,
    i % 4 === 0 ? null : i / 10,
    ["clay", "neon"][i % 2],
    new Date(Date.UTC(2026, 0, i + 1)).toISOString(),
  ]);
  const columns = [
    { name: "n", kind: "number" },
    { name: "score", kind: "number" },
    { name: "style", kind: "text" },
    { name: "day", kind: "date" },
  ];
  await output.clear();
  await output.show("table", JSON.stringify({ title: "Scores", columns, rows }));
  await locate("th .summary .ends").nth(3).waitFor();
  const briefs = (await locate("th .summary .ends").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.deepEqual(briefs, ["0 39", "0.100 25% empty 3.900", "2 different", "2026-01-01 2026-02-09"]);
  const open = async (name: string) => {
    await locate("th", { hasText: name }).locator(".column-menu").click();
    await locate(".column-panel dd").first().waitFor();
  };
  await open("score");
  const facts = await locate(".column-panel dd").allTextContents();
  const present = rows.map((row) => row[1]).filter((value) => value !== null) as number[];
  const mean = present.reduce((a, b) => a + b, 0) / present.length;
  assert.deepEqual(facts.slice(0, 3), ["40", "10 (25%)", "30"]);
  assert.equal(Number(facts[4]), Number(mean.toFixed(2)));
  assert.deepEqual(await output.accessibilityFaults(), []);
  await output.screenshot("table-panel-dark");
  await locate('.column-panel input[aria-label="At least"]').fill("1");
  await locate('.column-panel input[aria-label="At most"]').fill("2");
  await says(`${present.filter((value) => value >= 1 && value <= 2).length} of`);
  await open("style");
  await locate('.column-panel input[aria-label="Contains"]').fill("NEON");
  const both = rows.filter(
    ([, score, style]) => score !== null && Number(score) >= 1 && Number(score) <= 2 && style === "neon",
  );
  await says(`${both.length} of`);
  assert.equal(await locate("th.filtered").count(), 2);
  await open("day");
  await locate('.column-panel input[aria-label^="From"]').fill("2027");
  await says("0 of");
  await locate(".nothing-shown button").click();
  await says("40 rows");
  assert.equal(await locate("th.filtered").count(), 0);
});

test("what is shown is saved as CSV that a spreadsheet does not run, as Parquet and as Arrow, with their types", async () => {
  const rows = [
    [1, "=1+1", null, 0.5, "2026-01-02T03:04:05.678Z"],
    [2, 'say "hi", twice\nin two lines', true, -1.25, "2025-01-01T00:00:00.000Z"],
    [4, "plain", false, null, null],
  ];
  const columns = ["number", "text", "boolean", "number", "date"].map((kind, i) => ({ name: "ntfxd"[i], kind }));
  await output.clear();
  await output.show("table", JSON.stringify({ title: "Three rows", columns, rows }));
  const csv = await exported("CSV");
  assert.equal(csv.name, "Three-rows.csv");
  assert.equal(
    csv.bytes.toString(),
    `n,t,f,x,d\r\n1,'=1+1,,0.5,2026-01-02T03:04:05.678Z\r\n2,"say ""hi"", twice\nin two lines",true,-1.25,2025-01-01T00:00:00.000Z\r\n4,plain,false,,\r\n`,
  );
  const parquet = await exported("Parquet");
  const file = new Uint8Array(parquet.bytes).buffer;
  assert.deepEqual(await parquetReadObjects({ file }), [
    { n: 1n, t: "=1+1", f: null, x: 0.5, d: new Date("2026-01-02T03:04:05.678Z") },
    { n: 2n, t: rows[1]![1], f: true, x: -1.25, d: new Date("2025-01-01T00:00:00.000Z") },
    { n: 4n, t: "plain", f: false, x: null, d: null },
  ]);
  const ipc = arrow.tableFromIPC((await exported("Arrow")).bytes);
  assert.deepEqual(
    ipc.schema.fields.map(({ name, type }) => `${name} ${type}`),
    ["n Int64", "t Utf8", "f Bool", "x Float64", "d Timestamp<MILLISECOND>"],
  );
  assert.deepEqual([...(ipc.getChild("x") ?? [])], [0.5, -1.25, null]);
});

test("a million rows of Arrow scroll to their end, sort and filter, and the page answers meanwhile", async () => {
  const n = 1_000_000;
  const table = arrow.tableFromArrays({
    step: Int32Array.from({ length: n }, (_, i) => i),
    loss: Float64Array.from({ length: n }, (_, i) => (i * 7919) % n),
  });
  await showArrow(table, { step: "number", loss: "number" });
  const shown = (part: number) =>
    locate(".scroll").evaluate(async (scroll, share) => {
      scroll.scrollTop = scroll.scrollHeight * share;
      for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const frame = scroll.getBoundingClientRect();
      const steps = [...scroll.querySelectorAll("tbody tr")]
        .filter(
          (row) => row.getBoundingClientRect().bottom > frame.top && row.getBoundingClientRect().top < frame.bottom,
        )
        .map((row) => Number(row.firstElementChild?.textContent?.replaceAll(",", "")));
      return { first: steps[0]!, last: steps.at(-1)!, count: steps.length };
    }, part);
  const half = await shown(0.5);
  assert.ok(Math.abs(half.first - n / 2) < n / 50 && half.count > 10, JSON.stringify(half));
  const small = await locate(".scroll").evaluate(async (scroll) => {
    const first = () => scroll.querySelector("tbody tr")?.getBoundingClientRect().top ?? 0;
    const before = first();
    scroll.scrollTop += 27;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return before - first();
  });
  assert.ok(small === 27 || small === 0, `a small scroll moves rows by its own pixels: ${small}`);
  assert.equal((await shown(1)).last, n - 1);
  assert.equal((await shown(0)).first, 0);
  assert.ok((await locate("tbody tr").count()) < 80);
  const loss = locate("th button.sort", { hasText: "loss" });
  await loss.click();
  await firstIs(2, "0");
  await loss.click();
  await firstIs(2, "999,999");
  await locate(".head input").fill("777,777");
  await says("2 of");
});

test("Arrow's types are read: decimals exactly, big integers, dates, lists, structs, dictionaries, gaps; a value is shown in full", async () => {
  const texts = new arrow.List(new arrow.Field("item", new arrow.Utf8(), true));
  const table = new arrow.Table({
    big: arrow.vectorFromArray([9_007_199_254_740_993n, null], new arrow.Int64()),
    style: arrow.vectorFromArray(["clay", "neon"]),
    price: new arrow.Vector([
      arrow.makeData({
        type: new arrow.Decimal(2, 30, 128),
        length: 2,
        nullCount: 0,
        data: new Uint32Array([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 5, 0, 1, 0]),
      }),
    ]),
    tags: arrow.vectorFromArray([["a", "b"], ["c"]], texts),
    at: arrow.vectorFromArray([new Date(0), new Date(1.7e12)], new arrow.TimestampMillisecond()),
    text: arrow.vectorFromArray(["line one\nline two", "x".repeat(100_000)], new arrow.Utf8()),
  });
  await showArrow(table, { big: "number", style: "text", price: "number", tags: "json", at: "date", text: "text" });
  const row = async (n: number) => locate(`tbody tr:nth-child(${n}) td`).allTextContents();
  assert.deepEqual((await row(1)).slice(0, 5), [
    "9,007,199,254,740,993",
    "clay",
    "-0.01",
    '["a","b"]',
    "1970-01-01 00:00:00",
  ]);
  assert.deepEqual((await row(2)).slice(0, 3), ["–", "neon", `${(2n ** 64n + 5n) / 100n}.${(2n ** 64n + 5n) % 100n}`]);
  await locate("tbody tr:nth-child(2) td").last().click();
  await output.page.keyboard.press("Enter");
  assert.equal((await locate(".reader pre").textContent())?.length, 100_000);
  await output.page.keyboard.press("Escape");
  assert.equal(await locate(".reader").isVisible(), false);
  await locate("tbody tr:nth-child(1) td").first().click();
  await output.page.keyboard.press("Shift+ArrowDown");
  await output.page.keyboard.press("Shift+ArrowRight");
  await output.page.keyboard.press("Control+c");
  await says("Copied 2 rows");
  assert.equal(
    await output.page.evaluate(() => navigator.clipboard.readText()),
    "big\tstyle\n9007199254740993\tclay\n\tneon\n",
  );
});

test("cut and wrong Arrow bytes are answered with the reason, and the rows at hand", async () => {
  const table = arrow.tableFromArrays({ step: Int32Array.from({ length: 50_000 }, (_, i) => i) });
  const bytes = Buffer.from(arrow.tableToIPC(table));
  const cases: [string, Buffer, object, RegExp][] = [
    ["cut in the middle", bytes.subarray(0, bytes.length / 2), {}, /no Arrow table|ends after/],
    ["no Arrow", Buffer.from("PK not arrow at all"), {}, /no Arrow table|ends after|no column/],
    ["empty", Buffer.alloc(0), {}, /no Arrow table|ends after|no column/],
    ["a column it lacks", bytes, { columns: [{ name: "nothing", kind: "text" }] }, /no column "nothing"/],
  ];
  for (const [name, content, more, reason] of cases) {
    await output.clear();
    const arrowBytes = { mime: "application/vnd.apache.arrow.stream", base64: content.toString("base64") };
    const columns = [{ name: "step", kind: "number" }];
    await output.show(
      "table",
      JSON.stringify({ columns, rows: [[1], [2]], arrow: arrowBytes, total: 50_000, ...more }),
    );
    await locate(".notice").waitFor();
    assert.match((await locate(".notice").textContent()) ?? "", reason, name);
    assert.match((await locate(".notice").textContent()) ?? "", /first 2 rows/, name);
    assert.equal(await locate("tbody td").first().textContent(), "1", name);
  }
  assert.deepEqual(output.faults, []);
});
