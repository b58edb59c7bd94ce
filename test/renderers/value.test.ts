import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { configExample, errorExample, hostileTrees, recordsExample } from "./value-examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
  await output.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => output.page.keyboard.press(key)), Promise.resolve());
const row = (label: string) => locate(".row", { hasText: new RegExp(`^${label}:`) }).first();
/** The row that has the focus. */
const focused = () =>
  output.page.evaluate(
    () => document.getElementById("output")?.shadowRoot?.activeElement?.querySelector(".label")?.textContent,
  );
const clipboard = () => output.page.evaluate(() => navigator.clipboard.readText());

test("a value is a tree, accessible in dark, light and high contrast", async () => {
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    for (const [name, data] of [
      ["config", configExample()],
      ["error", errorExample()],
      ["records", recordsExample()],
    ] as const) {
      await output.show("value", JSON.stringify(data));
      await locate(".assay.value .row").first().waitFor();
      if (name === "config") for (const label of ["scene", "seedOf", "prompt"]) await row(label).click();
      assert.deepEqual(await output.accessibilityFaults(), [], `${name} in ${theme}`);
      await output.screenshot(`value-${name}-${theme}`);
      await output.clear();
    }
  }
  assert.deepEqual(output.faults, []);
  await output.setTheme("dark");
});

test("arrows, Home, End and letters move as in any tree; Enter opens", async () => {
  await output.show("value", JSON.stringify(configExample()));
  await locate(".row").first().focus();
  await press("ArrowDown", "ArrowDown");
  assert.equal(await focused(), "steps:");
  await press("Home", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp");
  assert.equal(await focused(), "name:");
  await output.page.keyboard.type("sc");
  assert.equal(await focused(), "scene:");
  assert.equal(await row("scene").getAttribute("aria-expanded"), "false");
  await press("ArrowRight");
  assert.equal(await row("scene").getAttribute("aria-expanded"), "true");
  await press("ArrowRight", "ArrowDown");
  assert.equal(await focused(), "light:");
  await press("ArrowLeft");
  assert.equal(await focused(), "scene:");
  await press("Enter");
  assert.equal(await row("light").count(), 0);
  await press("End");
  assert.equal(await focused(), "self:");
  assert.equal(await row("self").getAttribute("aria-expanded"), null, "a circle is not opened again");
  assert.equal(await row("name").getAttribute("aria-level"), "2");
  const { length } = await locate(".row[tabindex='0']").all();
  assert.equal(length, 1, "one row takes the tab key");
});

test("a value and the path to it can be copied", async () => {
  await output.show("value", JSON.stringify(configExample()));
  await row("seedOf").click();
  await row("'train'").focus();
  await press("Control+c");
  await locate(".head .sub", { hasText: "Value copied" }).waitFor();
  assert.equal(await clipboard(), "7");
  await row("'train'").hover();
  await row("'train'").locator("button", { hasText: "path" }).click();
  await locate(".head .sub", { hasText: "Path copied" }).waitFor();
  assert.equal(await clipboard(), '.seedOf.get("train")');
  await row("prompt").focus();
  await press("Control+c");
  await locate(".head .sub", { hasText: "Value copied" }).waitFor();
  assert.equal((await clipboard()).length, 33 * 40, "a long text is copied whole");
});

test("search shows what matches with the way to it", async () => {
  await output.show("value", JSON.stringify(configExample()));
  await locate("input[type=search]").fill("ANGLE");
  assert.equal(await locate(".head .sub").textContent(), "3 matches");
  const labels = await locate(".row .label").allTextContents();
  assert.deepEqual(labels, ["scene:", "light:", "angle:"]);
  await press("ArrowDown", "ArrowDown");
  assert.equal(await focused(), "scene:");
  await locate("input[type=search]").fill("no such thing");
  assert.equal(await locate(".head .sub").textContent(), "nothing found");
  await locate("input[type=search]").fill("");
  assert.ok((await locate(".row").count()) > 15);
});

test("long lists and texts are drawn part by part", async () => {
  await output.show("value", JSON.stringify(configExample()));
  const before = await locate(".row").count();
  await row("losses").click();
  assert.equal((await locate(".row").count()) - before, 100);
  await locate("button", { hasText: "Show 100 more of 240 items" }).click();
  await locate("button", { hasText: "Show 40 more of 240 items" }).click();
  assert.equal((await locate(".row").count()) - before, 240);
  assert.match((await row("239").textContent()) ?? "", /0\.0368/);
  await output.show(
    "value",
    JSON.stringify({ nodes: [{ kind: "string", depth: 0, preview: "'…'", text: "line\n".repeat(500) }] }),
  );
  await locate("pre").waitFor();
  assert.equal(((await locate("pre").textContent()) ?? "").split("\n").length, 20);
  await locate("button", { hasText: "Show all 2,500 characters" }).click();
  assert.equal(((await locate("pre").textContent()) ?? "").length, 2500);
  await output.show("value", JSON.stringify(recordsExample()));
  await locate(".note", { hasText: "1,400 more are not kept in this output" }).waitFor();
});

test("hostile and broken values are said, not run", async () => {
  for (const { name, text, shows } of hostileTrees()) {
    await output.show("value", text);
    await locate(".assay.value").waitFor();
    assert.match(await locate(".assay.value").innerText(), shows, name);
    assert.equal(await locate("script, img, a").count(), 0, name);
    await output.clear();
  }
  assert.deepEqual(await output.page.evaluate(() => (globalThis as { harmed?: unknown[] }).harmed ?? []), []);
  assert.deepEqual(output.faults, []);
});
