import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chartCsv } from "../../renderers/plot/csv.ts";
import { thinLine } from "../../renderers/plot/decimate.ts";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { numbers, plotExample } from "./examples.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const show = (figure: unknown) => output.show("plot", JSON.stringify(figure));

/** Waits until a condition over the shadow root of the output holds. */
const until = (condition: string, value?: unknown) =>
  output.page.waitForFunction(
    ([body, given]) => {
      const root = document.getElementById("output")?.shadowRoot;
      return (
        root &&
        (new Function("root", "given", `return ${body}`) as (root: unknown, given: unknown) => unknown)(root, given)
      );
    },
    [condition, value] as const,
  );
const drawn = () => until("root.querySelector('.scatterlayer path.js-line')");
const ticks = () => locate(".xaxislayer-above .xtick text").allTextContents();
const walk = (count: number, seed = 3) => {
  const random = numbers(seed);
  let at = 0;
  return Array.from({ length: count }, () => (at += random() - 0.5));
};

test("zoom and hidden series are kept while a live chart grows, until all is asked for", async () => {
  await show({ ...plotExample(50), live: true });
  await drawn();
  const canvas = await locate(".canvas").elementHandle();
  const box = (await locate(".nsewdrag").first().boundingBox())!;
  const { mouse } = output.page;
  await mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.3);
  await mouse.down();
  await mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.35, { steps: 8 });
  await mouse.up();
  await until("![...root.querySelectorAll('.xtick text')].some((tick) => tick.textContent === '40')");
  await locate(".series summary").click();
  await locate(".series input").nth(1).uncheck();
  await until("root.querySelectorAll('.scatterlayer .trace').length === 2");
  const zoomed = await ticks();
  for (const steps of [80, 120]) await show({ ...plotExample(steps), live: true });
  await until("root.querySelector('.series td').textContent === '120'");
  await until("root.querySelectorAll('.scatterlayer .trace').length === 2");
  assert.deepEqual(await ticks(), zoomed);
  assert.equal(await locate(".series input").nth(1).isChecked(), false);
  assert.ok(await locate(".canvas").evaluate((now, then) => now === then, canvas), "drawn in the same element");
  await locate('button[aria-label="Show all"]').click();
  await until("[...root.querySelectorAll('.xtick text')].some((tick) => tick.textContent === '100')");
  assert.equal(await locate(".scatterlayer .trace").count(), 2);
  await output.clear();
});

test("the keys move and zoom a focused chart, and 0 shows all", async () => {
  await show(plotExample(100));
  await drawn();
  const whole = await ticks();
  await locate(".canvas").focus();
  await output.page.keyboard.press("+");
  await until("[...root.querySelectorAll('.xtick text')].every((tick) => tick.textContent !== '0')");
  const near = (await ticks()).join();
  await output.page.keyboard.press("ArrowRight");
  await until("[...root.querySelectorAll('.xtick text')].map((tick) => tick.textContent).join() !== given", near);
  await output.screenshot("plot-keys-dark");
  await output.page.keyboard.press("0");
  await until(
    "[...root.querySelectorAll('.xtick text')].map((tick) => tick.textContent).join() === given",
    whole.join(),
  );
  assert.match(
    (await locate(".canvas").getAttribute("aria-label")) ?? "",
    /^Training loss: open_source_only, 100 points, last 0\.\d+, least 0\.\d+, greatest 0\.\d+; /,
  );
  await output.clear();
});

test("a change of the theme is followed without showing anything anew", async () => {
  await show(plotExample(20));
  await drawn();
  const colour = () =>
    locate(".xtick text")
      .first()
      .evaluate((tick) => getComputedStyle(tick).fill);
  const canvas = await locate(".canvas").elementHandle();
  const seen = new Set([await colour()]);
  for (const theme of ["light", "high-contrast"] as const) {
    const before = await colour();
    await output.setTheme(theme);
    await until("getComputedStyle(root.querySelector('.xtick text')).fill !== given", before);
    seen.add(await colour());
  }
  assert.equal(seen.size, 3);
  assert.ok(await locate(".canvas").evaluate((now, then) => now === then, canvas));
  await output.setTheme("dark");
  await output.clear();
});

test("of 100,000 points those that can be told apart are drawn; the chart says so, and zooming brings the rest", async () => {
  const y = walk(100_000);
  y[61_803] = 5000;
  await show({ title: "Long", data: [{ name: "walk", y }], layout: {} });
  await drawn();
  await until("/of 100,000 points are drawn/.test(root.querySelector('.footer').textContent)");
  const count = Number((await locate(".footer").innerText()).split(" ")[0]?.replaceAll(",", ""));
  assert.ok(count > 1000 && count < 6000, `${count} are drawn`);
  assert.match((await locate(".canvas").getAttribute("aria-label")) ?? "", /greatest 5,000/);
  await output.screenshot("plot-long-dark");
  await locate(".canvas").focus();
  for (let i = 0; i < 3; i++) {
    const before = (await ticks()).join();
    await output.page.keyboard.press("+");
    await until("[...root.querySelectorAll('.xtick text')].map((tick) => tick.textContent).join() !== given", before);
  }
  await until(
    "Number(root.querySelector('.footer').textContent.split(' ')[0].replaceAll(',', '')) > given",
    count + 500,
  );
  const circles = walk(100_000, 4);
  await show({ title: "Cloud", data: [{ name: "cloud", type: "scattergl", mode: "markers", x: y, y: circles }] });
  await until("/points that lie on others are left out/.test(root.querySelector('.footer').textContent)");
  await output.clear();
});

test("thinning keeps the greatest and least of every column, gaps, and other lists in step", () => {
  const y: (number | null)[] = walk(20_000);
  y[5000] = null;
  const text = y.map(String);
  const columns = 100;
  const thin = thinLine({ y, text, marker: { size: y } }, columns, [200, 300])!;
  const kept = thin.trace.x as number[];
  assert.deepEqual(
    thin.trace.y,
    kept.map((i) => y[i]),
  );
  assert.deepEqual(
    thin.trace.text,
    kept.map((i) => text[i]),
  );
  assert.deepEqual((thin.trace.marker as { size: unknown }).size, thin.trace.y);
  assert.ok(kept.includes(5000), "the gap stays");
  for (let i = 200; i <= 300; i++) assert.ok(kept.includes(i), "what is seen near is whole");
  const width = (y.length - 1) / columns;
  for (let column = 0; column < columns; column++) {
    const inColumn = y.flatMap((value, i) => (value !== null && Math.floor(i / width) === column ? [value] : []));
    const left = kept.flatMap((i) => (y[i] !== null && Math.floor(i / width) === column ? [y[i] as number] : []));
    assert.deepEqual([Math.min(...left), Math.max(...left)], [Math.min(...inColumn), Math.max(...inColumn)]);
  }
  assert.equal(thinLine({ x: [...y.keys()].reverse(), y }, columns, undefined), undefined, "x that does not grow");
});

test("CSV has every point, one column a series where x is shared, and runs no formula", async () => {
  const x = [0, 1];
  assert.equal(
    chartCsv(
      [
        { name: '=cmd("x")', x, y: [1, null] },
        { name: "b", x, y: [-2, 3] },
        { y: [9], showlegend: false },
      ],
      "step",
    ),
    'step,"\'=cmd(""x"")",b\r\n0,1,-2\r\n1,,3\r\n',
  );
  assert.equal(
    chartCsv(
      [
        { name: "a", y: [1] },
        { name: "b", x: ["n,1"], y: [2] },
      ],
      "x",
    ),
    'series,x,y\r\na,0,1\r\nb,"n,1",2\r\n',
  );
  await show(plotExample(30));
  await drawn();
  await locate('button[title="Copy all points as CSV"]').click();
  await locate('button[title="Copy all points as CSV"]').filter({ hasText: "Copied" }).waitFor();
  const lines = (await output.page.evaluate(() => navigator.clipboard.readText())).trim().split(/\r?\n/);
  assert.equal(lines.length, 31);
  assert.equal(lines[0], "step,open_source_only,research_safe,full_dataset");
  await output.clear();
});

test("a chart is saved as PNG and SVG, with its title and without scripts or addresses", async () => {
  await show(plotExample(30));
  await drawn();
  for (const format of ["PNG", "SVG"]) {
    await locate(".menu summary").click();
    await locate(".menu .choices button").filter({ hasText: format }).click();
    await output.page.waitForFunction(
      (ending) =>
        (globalThis as unknown as { saved: { name: string }[] }).saved.some(({ name }) => name.endsWith(ending)),
      `.${format.toLowerCase()}`,
    );
  }
  const saved = await output.page.evaluate(
    () => (globalThis as unknown as { saved: { name: string; base64: string }[] }).saved,
  );
  const bytes = (ending: string) =>
    Buffer.from(saved.find(({ name }) => name === `Training-loss.${ending}`)!.base64, "base64");
  assert.equal(bytes("png").subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  const svg = bytes("svg").toString();
  assert.match(svg, /^<svg[\s\S]*Training loss/);
  assert.doesNotMatch(svg, /<script|href="http|<image|onload/);
  await output.clear();
});

test("what is empty or wrong is named with its reason, and the rest is drawn", async () => {
  await show({ title: "Run", data: [], live: true });
  assert.match(await locate(".nothing").innerText(), /Waiting for the first point/);
  await output.screenshot("plot-waiting-dark");
  await show({ title: "Run", data: [{ name: "loss", y: [3, 2, 1] }], live: true });
  await drawn();
  assert.equal(await locate(".nothing").isVisible(), false);
  await output.clear();
  await show({ data: [{ name: "a", y: [] }] });
  assert.match(await locate(".nothing").innerText(), /no points/);
  await output.clear();
  await show({
    data: [
      { name: "good", y: [1, 2, 0] },
      { name: "globe", type: "choropleth", z: [1] },
      { name: "odd", y: { a: 1 } },
      { name: "short", x: [1, 2, 3, 4], y: [1, 2] },
    ],
    layout: { yaxis: { type: "log" } },
  });
  await drawn();
  const said = await locate(".footer").innerText();
  assert.match(said, /“globe” is left out: .*choropleth/);
  assert.match(said, /“odd” is left out: its y is an object/);
  assert.match(said, /“short” has 4 x and 2 y/);
  assert.match(said, /1 values? of “good” .* logarithmic/);
  assert.equal(await locate(".scatterlayer .trace").count(), 2);
  await output.screenshot("plot-faults-dark");
  await output.clear();
});

test("a hostile figure runs nothing, links nowhere and loads nothing", async () => {
  const address = "https://elsewhere.invalid/a.png";
  const bad = `<a href="${address}" xlink:href="${address}">x</a><img src=${address} onerror="harmed.push(1)"><script>harmed.push(1)</script>`;
  await output.page.evaluate(() => {
    (globalThis as { harmed?: unknown[] }).harmed = [];
  });
  await show({
    title: bad,
    note: bad,
    data: [
      {
        name: bad,
        x: [1, 2],
        y: [1, 2],
        text: [bad, bad],
        mode: "lines+markers+text",
        hovertemplate: bad,
        line: { color: `url(${address})` },
        marker: { color: `url(${address})`, symbol: `url(${address})` },
        fill: "tozeroy",
        fillcolor: `url(${address})`,
        hoverlabel: { font: { family: `url(${address})` } },
      },
      { type: "pie", labels: [bad, "b"], values: [1, 2] },
    ],
    layout: {
      height: 1e9,
      width: 1e9,
      font: { family: `x; background: url(${address})` },
      images: [{ source: address, x: 0, y: 0, sizex: 1, sizey: 1 }],
      annotations: [{ text: bad, x: 1, y: 1 }],
      shapes: [{ type: "path", path: `M0 0"><script>harmed.push(1)</script>` }],
      xaxis: { title: { text: bad }, ticktext: [bad], tickvals: [1] },
      updatemenus: [{ buttons: [{ method: "relayout", args: [{ images: [{ source: address }] }], label: bad }] }],
    },
  });
  await drawn();
  await output.page.mouse.move(300, 300);
  const markup = await output.page.evaluate(() => {
    const root = document.getElementById("output")?.shadowRoot;
    const all = [...(root?.querySelectorAll("*") ?? [])];
    return {
      harmed: (globalThis as { harmed?: unknown[] }).harmed,
      links: all
        .filter((one) =>
          [...one.attributes].some(({ name, value }) => /href|src$/.test(name) || /url\((?!['"]?#)/.test(value)),
        )
        .filter((one) => ![...one.attributes].every(({ value }) => !/elsewhere/.test(value)))
        .map((one) => one.outerHTML.slice(0, 200)),
      foreign: (root?.querySelectorAll("a, image, img, script, foreignObject") ?? []).length,
      height: document.getElementById("output")?.getBoundingClientRect().height ?? 0,
    };
  });
  assert.deepEqual({ ...markup, height: 0 }, { harmed: [], links: [], foreign: 0, height: 0 });
  assert.ok(markup.height < 2200, `${markup.height} pixels high`);
  await output.clear();
  assert.deepEqual(output.faults, []);
});

test("charts are accessible in three themes, with the list of series and the menu open", async () => {
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    await show({ ...plotExample(120), note: "Synthetic data." });
    await drawn();
    await locate(".series summary").click();
    await locate(".series tbody tr").first().waitFor();
    await locate(".menu summary").click();
    assert.deepEqual(await output.accessibilityFaults(), [], theme);
    await output.screenshot(`plot-open-${theme}`);
    await output.clear();
  }
  await output.setTheme("dark");
});
