import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import sharp from "sharp";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import type { MimeBundle } from "../../../kernel/protocol/mime.ts";
import {
  imagesOutput,
  type Output,
  plotOutput,
  tableOutput,
  type ValueNode,
  valueOutput,
} from "../../../kernel/protocol/outputs.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function bench(t: TestContext) {
  const folder = temporaryFolder(t);
  const events: SessionEvent[] = [];
  // Inside the repository, so that cells find its packages.
  const kernel = await startKernel(
    { path: join(import.meta.dirname, "notebook.ipynb"), store: join(folder, "store") },
    (event) => void events.push(event),
  );
  t.after(() => kernel[Symbol.asyncDispose]());
  let count = 0;
  const outputs = (cellId: string): Output[] =>
    events.flatMap((one) => (one.type === "output" && one.cellId === cellId ? [one.output] : []));
  const run = async (source: string) => {
    const index = ++count;
    const reply = await kernel.execute({ id: `cell-${index}`, index, source });
    assert.equal(reply.status, "ok", JSON.stringify(outputs(`cell-${index}`)));
    return outputs(`cell-${index}`);
  };
  return {
    run,
    /** The bundle of an expression as the last one of a cell, after it was shown to be what `display` gives. */
    async shown(setup: string, expression: string): Promise<MimeBundle> {
      await run(setup);
      const last = (await run(expression)).at(-1);
      const displayed = (await run(`display(${expression})`)).at(-1);
      const imported = (await run(`(await import("assay")).display(${expression}); undefined`)).at(-1);
      assert.ok(last?.type === "result" && displayed?.type === "display" && imported?.type === "display");
      assert.deepEqual(displayed.data, last.data);
      assert.deepEqual(imported.data, last.data);
      return last.data;
    },
    outputs,
    async until(holds: () => boolean) {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

const nodesOf = (data: MimeBundle): ValueNode[] => valueOutput.parse(data["application/vnd.assay.value.v1+json"]).nodes;
const line = ({ depth, label, preview }: ValueNode) =>
  `${" ".repeat(depth)}${label === undefined ? "" : `${label}: `}${preview}`;

test("plain values have Node's text, and a tree where a line does not say it all", async (t) => {
  const { shown, run } = await bench(t);
  for (const [source, text] of [
    ["42", "42"],
    ["'a\\nb'", "'a\\nb'"],
    ["[1, 'two', null]", "[ 1, 'two', null ]"],
    ["({})", "{}"],
    ["5n", "5n"],
    ["Symbol('s')", "Symbol(s)"],
  ] as const)
    assert.deepEqual(await shown("", source), { "text/plain": text });
  assert.deepEqual(await run("undefined"), []);
  const data = await shown(
    `class Scene { light = { angle: 40 }; get bright() { throw new Error("run"); } }
     var value = { name: "x", when: new Date(0), map: new Map([["k", [1]]]), scene: new Scene(), get lazy() { throw new Error("run"); } };
     value.self = value;`,
    "value",
  );
  assert.deepEqual(nodesOf(data).map(line), [
    "{ name: 'x', when: 1970-01-01T00:00:00.000Z, map: Map { 'k' → Array(1) }, scene: Scene { light: {…} }, lazy: (getter), … 1 more }",
    " name: 'x'",
    " when: 1970-01-01T00:00:00.000Z",
    " map: Map { 'k' → [1] }",
    "  'k': [1]",
    " scene: Scene { light: { angle: 40 } }",
    "  light: { angle: 40 }",
    "   angle: 40",
    " lazy: (get)",
    " self: ↻ { name: 'x', when: 1970-01-01T00:00:00.000Z, map: Map { 'k' → Array(1) }, scene: Scene { light: {…} }, lazy: (getter), … 1 more }",
  ]);
  assert.match(String(data["text/plain"]), /^<ref \*1> \{/);
});

test("a large value leaves a bounded tree and its whole text", async (t) => {
  const { shown } = await bench(t);
  const data = await shown(
    "",
    `Array.from({ length: 3000 }, (_, id) => ({ id, deep: [[[[id]]]], text: "word ".repeat(50) }))`,
  );
  const nodes = nodesOf(data);
  assert.equal(nodes[0]!.total, 3000);
  assert.ok(nodes.length <= 251 && JSON.stringify(nodes).length < 100_000);
  const numbers = nodesOf(await shown("", "new Float32Array(1e6).fill(0.5)"))[0]!;
  assert.deepEqual([numbers.items?.length, numbers.total, numbers.bytes], [500, 1e6, 4e6]);
  const floats = [0.1, 1 / 3, 1e-20, 16777216, -0.7, Number.NaN];
  const kept = nodesOf(await shown("", `Float32Array.from({ length: 60 }, (_, i) => [${floats.join()}][i % 6])`))[0]!
    .items!;
  assert.deepEqual(kept.slice(0, 6), [0.1, 0.33333334, 1e-20, 16777216, -0.7, "NaN"]);
  for (const [i, one] of kept.slice(0, 5).entries()) assert.equal(Math.fround(Number(one)), Math.fround(floats[i]!));
});

test("values show themselves: by the symbol, by a promise of content, or as content by MIME type", async (t) => {
  const { shown } = await bench(t);
  const symbol = `Symbol.for("Jupyter.display")`;
  assert.deepEqual(await shown("", `({ [${symbol}]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) })`), {
    "text/html": "<b>x</b>",
    "text/plain": "x",
  });
  const { "text/plain": text, ...rest } = await shown("", `({ "image/svg+xml": "<svg/>", "text/markdown": "*a*" })`);
  assert.deepEqual(rest, { "image/svg+xml": "<svg/>", "text/markdown": "*a*" });
  assert.match(String(text), /svg/);
  const failing = await shown("", `({ a: 1, [${symbol}]: () => { throw new TypeError("no picture"); } })`);
  assert.match(String(failing["text/plain"]), /its display method failed: TypeError: no picture/);
  const inspected = await shown(
    "",
    `({ a: 1, [Symbol.for("nodejs.util.inspect.custom")]() { throw new TypeError("no text"); } })`,
  );
  assert.match(String(inspected["text/plain"]), /^\{ a: 1[\s\S]*its inspect method failed: TypeError: no text/);
  const hostile = await shown(
    "",
    `new Proxy({}, { get() { throw new Error("trap"); }, getPrototypeOf() { throw new Error("trap"); } })`,
  );
  assert.deepEqual(Object.keys(hostile), ["text/plain"]);
});

test("image files in memory, raw pixels and sharp instances are shown as images", async (t) => {
  const { run, shown } = await bench(t);
  await run(`import sharp from "sharp";
    const pixels = Uint8Array.from({ length: 20 * 10 * 3 }, (_, i) => (i * 7) % 256);
    const picture = sharp(pixels, { raw: { width: 20, height: 10, channels: 3 } });`);
  for (const format of ["png", "jpeg", "webp", "gif", "avif"]) {
    const source = format === "jpeg" || format === "png" || format === "gif" ? "bytes" : "await Promise.resolve(bytes)";
    await run(`var bytes = await picture.clone().${format}().toBuffer()`);
    const outputs = await run(source);
    const { data } = outputs.at(-1) as Extract<Output, { type: "result" }>;
    const { items } = imagesOutput.parse(data["application/vnd.assay.images.v1+json"]);
    const { width, height, media } = items[0]!;
    assert.deepEqual([width, height, media.mime], [20, 10, `image/${format}`]);
    const fallback = Object.entries(data).find(([mime]) => /^image\//.test(mime));
    const decoded = await sharp(Buffer.from(String(fallback?.[1]), "base64")).metadata();
    assert.deepEqual([decoded.width, decoded.height], [20, 10], `${format} has a fallback that decodes`);
  }
  const raw = await shown("", "({ data: new Uint8ClampedArray(4 * 2 * 4).fill(200), width: 4, height: 2 })");
  const { media } = imagesOutput.parse(raw["application/vnd.assay.images.v1+json"]).items[0]!;
  assert.ok("base64" in media);
  const back = await sharp(Buffer.from(media.base64, "base64")).raw().toBuffer();
  assert.ok(back.every((one) => one === 200));
  const results = (await run(
    "display(picture); display(await picture.clone().raw().toBuffer({ resolveWithObject: true })); picture",
  )) as Extract<Output, { type: "display" }>[];
  const finals = results.filter((one) => "application/vnd.assay.images.v1+json" in one.data);
  assert.equal(finals.length, 3, "a sharp instance takes a moment, within the time of the cell");
  const placeholder = results[0]!;
  assert.ok(results.some((one) => one.update && one.displayId === placeholder.displayId));
  const broken = await shown("", "new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0])");
  assert.match(String(broken["text/plain"]), /^Uint8Array\(12\)/);
  const svg = await shown("", `new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')`);
  assert.match(String(svg["image/svg+xml"]), /^<svg/);
});

test("an Arrow table arrives whole as Arrow, and its first rows as text and HTML", async (t) => {
  const { run } = await bench(t);
  const outputs = await run(`import { tableFromArrays } from "apache-arrow";
    const table = tableFromArrays({ id: Int32Array.from({ length: 1000 }, (_, i) => i), name: Array.from({ length: 1000 }, (_, i) => "n" + i) });
    display(table); table`);
  const all = outputs.flatMap((one) => (one.type === "display" || one.type === "result" ? [one.data] : []));
  const data = all.filter((one) => "application/vnd.assay.table.v1+json" in one);
  assert.equal(data.length, 2);
  assert.deepEqual(data[0], data[1]);
  const { arrow, total, columns } = tableOutput.parse(data[0]!["application/vnd.assay.table.v1+json"]);
  assert.equal(total, 1000);
  assert.deepEqual(
    columns.map(({ name, kind }) => `${name} ${kind}`),
    ["id number", "name text"],
  );
  assert.ok(arrow && "base64" in arrow);
  const back = tableFromIPC(Buffer.from(arrow.base64, "base64"));
  assert.equal(back.numRows, 1000);
  assert.equal(back.getChild("name")?.get(999), "n999");
  assert.match(String(data[0]!["text/plain"]), /… and 900 more rows/);
});

test("Plotly figures are charts; what only looks a little like one is a tree", async (t) => {
  const { shown } = await bench(t);
  const figure = await shown(
    "",
    `({ data: [{ type: "bar", x: ["a"], y: new Float32Array([0.5]) }], layout: { title: { text: "T" } } })`,
  );
  const plot = plotOutput.parse(figure["application/vnd.assay.plot.v1+json"]);
  assert.deepEqual(plot.data, [{ type: "bar", x: ["a"], y: [0.5] }]);
  assert.deepEqual(figure["application/vnd.plotly.v1+json"], { data: plot.data, layout: plot.layout });
  for (const source of [
    `({ data: [{ type: "bar" }] })`,
    `({ data: [{ id: 1, x: [1] }], status: "ok" })`,
    `({ data: [] })`,
    `({ data: [[1, 2]], layout: "wide" })`,
  ])
    assert.ok(!("application/vnd.plotly.v1+json" in (await shown("", source))), source);
});

test("a Vega-Lite chart is drawn without the network", async (t) => {
  const { run } = await bench(t);
  const spec = (
    data: string,
  ) => `({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: ${data}, mark: "bar",
      encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } } })`;
  const [drawn] = await run(spec(`{ values: [{ a: "left", b: 28 }, { a: "right", b: 55 }] }`));
  assert.ok(drawn?.type === "result");
  assert.match(String(drawn.data["image/svg+xml"]), /^<svg[\s\S]*>left<[\s\S]*<path/);
  assert.ok("application/vnd.vegalite.v5+json" in drawn.data);
  const [refused] = await run(spec(`{ url: "https://data.invalid/cars.json" }`));
  assert.ok(refused?.type === "result");
  assert.ok(!("image/svg+xml" in refused.data));
  assert.match(
    String(refused.data["text/plain"]),
    /its data lie at https:\/\/data\.invalid\/cars\.json, and nothing is fetched/,
  );
});

test("an error that is shown does not fail the cell, and names its cause", async (t) => {
  const { shown } = await bench(t);
  const data = await shown(`var error = new RangeError("outer", { cause: new TypeError("inner") });`, "error");
  assert.match(
    String(data["text/plain"]),
    /^RangeError: outer\n {4}at cell #\d+:1:13[\s\S]*\[cause\]: TypeError: inner\n\s+at cell #\d+:1:/,
  );
  assert.deepEqual(nodesOf(data).map(line), ["RangeError: outer", " cause: TypeError: inner"]);
});

test("a promise is shown as pending, then in its place its value or its error", async (t) => {
  const { run, outputs, until } = await bench(t);
  await run("var settle; display(new Promise((resolve) => { settle = resolve; }))");
  const [placeholder] = outputs("cell-1");
  assert.ok(placeholder?.type === "display");
  assert.equal(placeholder.data["text/plain"], "Promise { <pending> }");
  await run("settle([1, 2]); 0");
  await until(() => outputs("cell-1").length === 2);
  const next = outputs("cell-1")[1];
  assert.ok(next?.type === "display" && next.update && next.displayId === placeholder.displayId);
  assert.equal(next.data["text/plain"], "[ 1, 2 ]");
  await run("display(Promise.reject(new TypeError('not there'))); 0");
  await until(() => outputs("cell-3").length >= 3);
  assert.match(JSON.stringify(outputs("cell-3")), /TypeError: not there/);
  // Nobody waits for it and nobody catches it: said once in its place, and once as an error that nobody caught.
  await run("Promise.resolve().then(() => new Promise((_, no) => setTimeout(() => no(new Error('lost')), 20)))");
  await until(() =>
    outputs("cell-4").some((one) => one.type === "stream" && /Uncaught \(in promise\) Error: lost/.test(one.text)),
  );
  assert.equal((await run("Promise.resolve(7)"))[0]?.type, "result");
});

test("a handle shows other values in the same place, also ones that take a moment", async (t) => {
  const { run } = await bench(t);
  const outputs = await run(`import { display as show } from "assay"; import sharp from "sharp";
    const handle = show.live("first"); handle.update({ second: 2 });
    handle.update(sharp({ create: { width: 3, height: 2, channels: 3, background: "red" } }).png()); undefined`);
  const displays = outputs as Extract<Output, { type: "display" }>[];
  assert.deepEqual(
    displays.map((one) => [one.update === true, one.data["text/plain"]]),
    [
      [false, "'first'"],
      [true, "{ second: 2 }"],
      [true, `PNG image 3×2, ${(displays[2]!.data["text/plain"] as string).split(", ")[1]}`],
    ],
  );
  assert.equal(new Set(displays.map((one) => one.displayId)).size, 1);
});

test("showing plain values does not load the SDK", () => {
  // What the cell process loads at its start, followed through the built files.
  const folder = new URL("../../../dist/kernel/", import.meta.url);
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(new URL(file, folder), "utf8");
    for (const [, next] of text.matchAll(/^(?:import|export)[^"\n]*"\.\/([^"]+)";$/gm)) follow(next!);
  };
  const [, begin] = /import\("\.\/([^"]+)"\)/.exec(readFileSync(new URL("cell.js", folder), "utf8"))!;
  follow("cell.js");
  follow(begin!);
  const text = [...seen].map((file) => readFileSync(new URL(file, folder), "utf8")).join("\n");
  assert.ok(!/from "(sharp|apache-arrow|onnxruntime-node)"/.test(text), "nothing heavy is loaded at the start");
  assert.ok(!/imagesOutput|tableBundle/.test(text), "no renderer data is prepared at the start");
});
