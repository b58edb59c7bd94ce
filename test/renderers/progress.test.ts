import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RendererPage } from "../support/workbench/renderer-page.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());
const locate = (selector: string) => output.page.locator(`#output ${selector}`);
const show = (data: unknown) => output.show("progress", JSON.stringify(data));
const themes = ["dark", "light", "high-contrast"] as const;

const running = {
  ...{ label: "train portraits of the old harbour", done: 137, total: 480, rate: 6.4, remaining: 53.6 },
  facts: { loss: "0.0421", "learning rate": "0.0032" },
};
const parts = [
  { label: "epoch 1", done: 120, total: 120, rate: 6.1, state: "done", facts: { loss: "0.21" } },
  { label: "epoch 2", done: 17, total: 120, rate: 7.2, remaining: 14.3 },
  { label: "read the corpus", done: 4120, unit: "image", rate: 311 },
];
const states = {
  running,
  nested: { ...running, parts },
  open: { label: "search", done: 1204, unit: "page", rate: 33 },
  slow: { label: "render", done: 1, total: 40, unit: "frame", rate: 0.02, remaining: 1950 },
  done: { ...running, done: 480, remaining: undefined, state: "done" },
  failed: { ...running, remaining: undefined, state: "failed", parts: [parts[0], { ...parts[1], state: "failed" }] },
  interrupted: { ...running, remaining: undefined, state: "interrupted" },
};

test("every state says what it is in words, keeps its place and is accessible in every theme", async () => {
  for (const theme of themes) {
    await output.setTheme(theme);
    for (const [name, data] of Object.entries(states)) {
      await show(data);
      assert.deepEqual(await output.accessibilityFaults(), [], `${name} in ${theme}`);
      await output.screenshot(`progress-${name}-${theme}`);
      await output.clear();
    }
  }
  await output.setTheme("dark");
  const words = async (data: unknown) => {
    await show(data);
    return (await locate(".work").first().innerText()).replace(/\s+/g, " ");
  };
  assert.match(await words(states.running), /29% 137 of 480 steps 54 s left · 6\.4 steps\/s loss ?0\.0421/);
  assert.match(await words(states.open), /^search 1,204 pages 33 pages\/s$/);
  assert.match(await words(states.slow), /1 of 40 frames 32 min 30 s left · 50 s per frame/);
  assert.match(await words(states.done), /100% 480 steps took 1 min 15 s/);
  assert.match(await words(states.failed), /137 of 480 steps stopped by an error/);
  assert.match(await words(states.interrupted), /137 of 480 steps interrupted/);
});

test("updates change the bar where it stands: same elements, same height, a screen reader hears of quarters only", async () => {
  await show({ ...running, done: 0, rate: undefined, remaining: undefined });
  await locate(".work").evaluate((element) => {
    element.id = "mine";
    const status = element.parentElement!.querySelector('[role="status"]')!;
    const news: string[] = [];
    Object.assign(globalThis, { news });
    new MutationObserver(() => news.push(status.textContent ?? "")).observe(status, { childList: true });
  });
  const box = async () => (await locate(".assay").boundingBox())!;
  const first = await box();
  for (let done = 1; done <= 480; done += 7) {
    const long = { loss: (1 / done).toFixed(4), "a long fact that comes and goes": "x".repeat(80) };
    const facts = done % 2 === 0 ? long : { loss: "0.1" };
    await show({ ...running, done, rate: done / 3, remaining: 480 - done, facts });
    const now = await box();
    assert.deepEqual([now.height, now.width], [first.height, first.width], `at ${done}`);
  }
  await show({ ...running, done: 480, state: "done" });
  assert.equal((await box()).height, first.height);
  assert.equal(await locate("#mine").count(), 1);
  const bar = locate('[role="progressbar"]');
  assert.equal(await bar.getAttribute("aria-valuenow"), "480");
  assert.match((await bar.getAttribute("aria-valuetext")) ?? "", /^100%, 480 steps/);
  assert.deepEqual(await output.page.evaluate(() => (globalThis as unknown as { news: string[] }).news), [
    `${running.label}: 25%`,
    `${running.label}: 50%`,
    `${running.label}: 75%`,
    `${running.label}: done`,
  ]);
});

test("parts come and go in order; with reduced motion nothing moves", async () => {
  await show(states.nested);
  const labels = () => locate(".parts .label").allInnerTexts();
  assert.deepEqual(await labels(), ["epoch 1", "epoch 2", "read the corpus"]);
  assert.equal(await locate('[role="progressbar"]').count(), 4);
  await show({ ...running, parts: [parts[1]] });
  assert.deepEqual(await labels(), ["epoch 2"]);
  await show(states.open);
  const moves = () =>
    locate(".fill")
      .first()
      .evaluate((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== "none" || transitionDuration !== "0s";
      });
  assert.equal(await moves(), true);
  await output.page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await moves(), false);
  await output.screenshot("progress-reduced-motion");
  await output.page.emulateMedia({ reducedMotion: null });
});

test("hostile bars stay bars: markup, names without end, numbers beyond all measure, thousands of parts", async () => {
  const markup = '<img src=x onerror="globalThis.owned=1">';
  const label = `${markup} ${"long ".repeat(2000)}`;
  const bar = { label, done: 1e300, total: 1, unit: markup, rate: 1e300, remaining: 1e300 };
  const facts = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${markup}${index}`, markup]));
  await show({ ...bar, facts, parts: Array.from({ length: 5000 }, () => bar) });
  assert.equal(await locate("img").count(), 0);
  assert.equal(await locate('[role="progressbar"]').count(), 51);
  const { width } = (await locate(".assay").boundingBox())!;
  assert.ok(width <= 760);
  const filled = await locate(".fill")
    .first()
    .evaluate((element) => element.style.width);
  assert.equal(filled, "100%");
  assert.deepEqual(output.faults, []);
});
