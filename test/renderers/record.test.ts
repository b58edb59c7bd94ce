import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { recordExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());
const locate = (selector: string) => output.page.locator(`#output ${selector}`);

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
    await output.page.keyboard.press("ArrowRight");
    await output.page.keyboard.press("ArrowDown");
    const chosen = locate('.node[aria-pressed="true"]');
    assert.match((await chosen.locator("title").textContent()) ?? "", /^120 outputs, 120 kB/);
    const told = locate(".chosen");
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
  assert.equal(await locate(".node > title").filter({ hasText: "harbour scenes, data set" }).count(), 1);
  const width = async () => (await locate(".graph svg").boundingBox())!.width;
  const fitted = await width();
  assert.ok(fitted <= (await locate(".graph").boundingBox())!.width);
  await locate('button[aria-label="Zoom in"]').click();
  assert.ok((await width()) > fitted * 1.2);
  await locate('button[aria-label="Zoom to fit"]').click();
  assert.ok(Math.abs((await width()) - fitted) < 1);
});
