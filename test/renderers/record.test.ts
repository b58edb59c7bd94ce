import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { recordExample } from "./examples.ts";
import { lineageExample } from "./record-examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());
const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);

/** A record of a cell that read two files and made many pictures. */
function manyOutputs(count: number) {
  const { record } = recordExample();
  const long = `${"a long prompt that goes on ".repeat(8)}(seed 0)`;
  const outputs = Array.from({ length: count }, (_, index) => ({
    direction: "produced" as const,
    role: "output" as const,
    name: index === 0 ? long : `picture ${index}`,
    sha256: index.toString(16).padStart(64, "0"),
    bytes: 1000,
    licenceClass: "creative_commons" as const,
    late: false,
  }));
  return { long, data: { record: { ...record, participants: [...record.participants, ...outputs] } } };
}

test("a lineage leaves nothing out: many of one role stand together, keys reach each place, names are told in full", async () => {
  const { long, data } = manyOutputs(120);
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    await output.show("record", JSON.stringify(data));
    const first = locate(".node").first();
    await first.focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"]) await output.page.keyboard.press(key);
    const chosen = locate('.node[aria-pressed="true"]');
    assert.match((await chosen.textContent()) ?? "", /120 outputs.*licence class Creative Commons, from cell 5/);
    const told = locate(".chosen");
    assert.match((await told.textContent()) ?? "", /120 outputs · 120 kB/);
    assert.equal(await told.locator("li").count(), 50);
    assert.ok(((await told.textContent()) ?? "").includes(long.trim()));
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`record-lineage-${theme}`);
    await told.locator("button").click();
    assert.equal(await told.locator("li").count(), 100);
    await output.clear();
  }
  await output.setTheme("dark");
});

test("a data set that only the training names is shown as used; the graph fits and can be seen larger", async () => {
  const { record } = recordExample();
  const participants = record.participants.filter(({ role }) => role !== "dataset");
  const [training] = record.trainings;
  const trainings = [{ ...training!, dataset: "d".repeat(64), facts: { dataset: "harbour scenes" } }];
  await output.show("record", JSON.stringify({ record: { ...record, participants, trainings } }));
  assert.equal(
    await locate(".node")
      .filter({ hasText: /data set.*harbour scenes/ })
      .count(),
    1,
  );
  const width = async () => (await locate(".canvas").boundingBox())!.width;
  const fitted = await width();
  assert.ok(fitted <= (await locate(".graph").boundingBox())!.width);
  await locate('button[aria-label="Zoom in"]').click();
  assert.ok((await width()) > fitted * 1.2);
  await locate('button[aria-label="Zoom to fit"]').click();
  assert.ok(Math.abs((await width()) - fitted) < 1);
});

test("a lineage goes from the source items to the output; what breaks the mode is marked, and a place opens its record", async () => {
  const data = lineageExample();
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    await output.show("record", JSON.stringify(data));
    assert.equal(await locate(".assay > *").first().getAttribute("role"), "alert");
    const place = (name: string) => locate(".node").filter({ has: output.page.locator(`.name:has-text("${name}")`) });
    const left = async (name: string) => (await place(name).boundingBox())!.x;
    const way = ["2,950 items", "harbour scenes", "night harbour", "24 outputs", "cell 5"];
    const lefts = await Promise.all(way.map(left));
    assert.deepEqual(
      lefts,
      lefts.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(lefts.map(Math.round)).size, way.length);
    assert.equal(await locate("path.edge").count(), data.record.lineage!.edges.length);
    await place("harbour scenes").focus();
    assert.match((await place("harbour scenes").textContent()) ?? "", /not admitted by the mode/);
    assert.match(await locate(".chosen").innerText(), /453 of 4,215 items not admitted/);
    assert.match(await locate(".chosen").innerText(), /made in cell 3 of night-styles\.ipynb/);
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`record-chain-${theme}`);
    await output.page.keyboard.press("ArrowRight");
    assert.match(await locate('.node[aria-pressed="true"]').innerText(), /night harbour/);
    await output.page.keyboard.press("ArrowLeft");
    await locate("button").filter({ hasText: "Open record" }).click();
    const sent = await output.page.evaluate(() => (globalThis as unknown as { saved: unknown[] }).saved.pop());
    assert.deepEqual(sent, { type: "record", id: "01a1fc6b-2222-74fb-9be0-ddfb2f4c8a11" });
    await place("2,950 items").click();
    assert.match(await locate(".members li").first().innerText(), /by Synthetic Author 0\s+CC BY-SA 4\.0/);
    await output.screenshot(`record-chain-items-${theme}`);
    await output.clear();
  }
  await output.setTheme("dark");
});

test("a hostile lineage is drawn as far as it can be: rings, unknown ends, names that are markup, thousands of places", async () => {
  const { record } = lineageExample();
  const markup = '<img src=x onerror="globalThis.owned=1">';
  const node = (id: string, name: string) => ({
    ...{ id, name, role: "input" as const, count: 1, facts: { [markup]: markup } },
    members: [
      {
        name: markup,
        title: markup,
        author: markup,
        licence: markup,
        licenceUrl: "javascript:alert(1)",
        source: "javascript:alert(1)",
      },
    ],
  });
  const many = Array.from({ length: 5000 }, (_, index) =>
    node(`n${index}`, `${markup} ${"long ".repeat(200)}${index}`),
  );
  const ring = many.slice(0, 200).map(({ id }, index) => ({ from: id, to: `n${(index + 1) % 200}` }));
  const lost = [
    { from: "n1", to: "nowhere" },
    { from: "n2", to: "n2" },
  ];
  const words = `${markup}\n${"very long ".repeat(500)}`;
  const violation = { ...record.violation!, words };
  const data = {
    record: {
      ...record,
      violation,
      lineage: { nodes: [...many, many[0]], edges: [...ring, ...lost], notes: [markup] },
    },
  };
  await output.show("record", JSON.stringify(data));
  assert.equal(await locate(".node").count(), 300);
  await locate(".node").first().focus();
  assert.equal(await locate("img").count(), 0);
  assert.equal(await locate('a[href^="javascript"]').count(), 0);
  assert.match(await locate(".lineage").innerText(), /4,701 places are not drawn/);
  assert.equal(await output.page.evaluate(() => (globalThis as { owned?: number }).owned), undefined);
  assert.deepEqual(output.faults, []);
});
