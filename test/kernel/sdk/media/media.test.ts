import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import {
  complianceOutput,
  imagesOutput,
  plotOutput,
  progressOutput,
  tableOutput,
} from "../../../../kernel/protocol/outputs.ts";
import { movingAverage } from "../../../../kernel/sdk/media/chart.ts";
import type { GalleryOptions } from "../../../../kernel/sdk/media/gallery.ts";
import {
  display,
  displaySymbol,
  encodePng,
  gallery,
  html,
  Image,
  image,
  intervalChart,
  json,
  lineChart,
  markdown,
  table,
} from "../../../../kernel/sdk/media/index.ts";
import { linearScale, logScale } from "../../../../kernel/sdk/media/scale.ts";
import { Random } from "../../../../kernel/sdk/tensor/index.ts";
import { recorded } from "../../../support/recorded-context.ts";

function noise(width: number, height: number, channels: 1 | 3 | 4, seed = 1): Image {
  const random = new Random(seed);
  return image({
    width,
    height,
    channels,
    data: Uint8Array.from({ length: width * height * channels }, () => random.int(256)),
  });
}
const hostile = `</text><script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;
const safe = (markup: unknown) => assert.ok(!/<script|<img src=x/i.test(String(markup)), String(markup).slice(0, 400));

test("PNG bytes are read by libvips as the pixels that went in, for grey, RGB and RGBA and odd sizes", async () => {
  for (const channels of [1, 3, 4] as const) {
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [64, 64],
      [130, 3],
    ] as const) {
      const original = noise(width, height, channels);
      const { data, info } = await sharp(encodePng(original)).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], [width, height]);
      const spread = channels === 1 ? info.channels : 1;
      assert.ok(
        original.data.every((value, i) => value === data[i * spread]),
        `${width}×${height}×${channels}`,
      );
    }
  }
});

test("equal pixels give equal PNG bytes, without a date", () => {
  assert.deepEqual(noise(20, 20, 3).png(), noise(20, 20, 3).png());
  assert.ok(!Buffer.from(noise(20, 20, 3).png()).includes("tIME"));
});

test("decoding turns as EXIF says, spreads grey, drops an opaque alpha, and refuses what is truncated", async () => {
  const raw = { raw: { width: 4, height: 2, channels: 3 } } as const;
  const turned = await Image.decode(
    await sharp(noise(4, 2, 3).data, raw)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer(),
  );
  assert.deepEqual([turned.width, turned.height], [2, 4]);
  const grey = await Image.decode(noise(3, 3, 1).png());
  assert.equal(grey.channels, 3);
  assert.deepEqual([...grey.data.subarray(0, 3)], new Array(3).fill(noise(3, 3, 1).data[0]));
  const opaque = new Uint8Array(16).map((_, i) => (i % 4 === 3 ? 255 : i));
  assert.equal((await Image.decode(encodePng({ width: 2, height: 2, channels: 4, data: opaque }))).channels, 3);
  assert.equal((await Image.decode(noise(3, 3, 4).png())).channels, 4);
  const jpeg = await sharp(noise(64, 64, 3).data, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  await assert.rejects(Image.decode(jpeg.subarray(0, jpeg.length / 2), "half.jpg"), (error: unknown) => {
    assert.match(String(error), /half\.jpg: the image cannot be decoded/);
    return true;
  });
  await assert.rejects(Image.decode(new Uint8Array(0)), { code: "image.corrupt" });
  await assert.rejects(Image.decode(Buffer.from("GIF89a")), { code: "image.corrupt" });
});

test("planes and pixels turn into each other without loss; values outside are clamped; alpha lies on white", () => {
  const original = noise(5, 4, 3);
  assert.deepEqual(Image.fromPlanes(original.planes(), 5, 4).data, original.data);
  assert.deepEqual([...Image.fromPlanes([2, -2, Number.NaN], 1, 1).data], [255, 0, 0]);
  const clear = image({ width: 1, height: 1, channels: 4, data: Uint8Array.of(0, 0, 0, 0) });
  assert.deepEqual([...clear.onWhite().data], [255, 255, 255]);
});

test("pixels that do not fit their size are refused; equal pixels have equal hashes", () => {
  assert.throws(() => image({ width: 2, height: 2, channels: 3, data: new Uint8Array(11) }), RangeError);
  assert.throws(() => image({ width: 0, height: 2, channels: 3, data: new Uint8Array(0) }), RangeError);
  assert.equal(noise(4, 4, 3).pixelHash, noise(4, 4, 3).pixelHash);
  assert.notEqual(noise(4, 4, 3).pixelHash, noise(4, 4, 3, 2).pixelHash);
  const square = new Uint8Array(24);
  assert.notEqual(
    image({ width: 4, height: 2, channels: 3, data: square }).pixelHash,
    image({ width: 2, height: 4, channels: 3, data: square }).pixelHash,
  );
});

test("resizing fills the new size", async () => {
  const resized = await noise(40, 20, 3).with({ prompt: "p" }).resize(8);
  assert.deepEqual([resized.width, resized.height, resized.facts.prompt], [8, 8, "p"]);
});

test("a grid is rich, and has the pictures in its fallback, with labels escaped", async (t) => {
  await recorded(t, () => {
    const pictures = ["open", hostile].flatMap((column) =>
      [1, 2].map((seed) =>
        noise(8, 8, 3, seed).with({ row: hostile, column, seed, prompt: hostile, badges: { score: "1" } }),
      ),
    );
    const { bundle } = gallery(pictures, { title: hostile });
    const rich = imagesOutput.parse(bundle["application/vnd.assay.images.v1+json"]);
    assert.equal(rich.layout, "grid");
    assert.deepEqual(rich.columns, ["open", hostile]);
    assert.equal(rich.items.length, 4);
    safe(bundle["text/html"]);
    assert.equal(String(bundle["text/html"]).match(/data:image\/png;base64,/g)?.length, 4);
    assert.match(String(bundle["text/plain"]), /4 images/);
  });
});

test("a picture may bring its labels beside it", async (t) => {
  await recorded(t, () => {
    const pictures = ["x", "y"].map((column) => ({
      image: noise(4, 4, 3).with({ prompt: "p", seed: 1 }),
      row: "r",
      column,
      seed: 2,
    }));
    const rich = imagesOutput.parse(gallery(pictures).bundle["application/vnd.assay.images.v1+json"]);
    assert.deepEqual(
      [rich.layout, rich.items.map(({ column, prompt, seed }) => [column, prompt, seed])],
      [
        "grid",
        [
          ["x", "p", 2],
          ["y", "p", 2],
        ],
      ],
    );
  });
});

test("columns stand under groups, with summaries, in the rich output and in the fallback", async (t) => {
  await recorded(t, () => {
    const pictures = [
      ["base", "open"],
      ["LoRA", "open"],
      ["LoRA", hostile],
    ].map(([group, column]) => ({ image: noise(4, 4, 3), row: "r", group: group!, column: column! }));
    const summaries: GalleryOptions["summaries"] = [
      { group: "LoRA", badges: { KID: 3.27149 } },
      { group: "LoRA", column: "open", badges: { [hostile]: hostile } },
    ];
    const { bundle } = gallery(pictures, { summaries });
    const rich = imagesOutput.parse(bundle["application/vnd.assay.images.v1+json"]);
    assert.deepEqual([rich.rows, rich.columns, rich.groups], [["r"], ["open", hostile], ["base", "LoRA"]]);
    assert.deepEqual(rich.summaries?.[0], { group: "LoRA", badges: { KID: "3.271" } });
    safe(bundle["text/html"]);
    const html = String(bundle["text/html"]);
    assert.deepEqual(
      [...html.matchAll(/colspan="(\d)"/g)].map(([, span]) => span),
      ["1", "2"],
    );
    assert.equal(html.match(/data:image\/png;base64,/g)?.length, 3);
    assert.match(html, /KID 3\.271/);
  });
});

test("large media go to the store by reference; the fallback still shows a reasonable picture", async (t) => {
  await recorded(
    t,
    ({ folder }) => {
      const { bundle } = gallery([noise(600, 300, 3), noise(4, 4, 3)]);
      const [large, small] = imagesOutput.parse(bundle["application/vnd.assay.images.v1+json"]).items;
      assert.ok(large && small && "sha256" in large.media && "base64" in small.media);
      assert.ok(existsSync(join(folder, ".assay/artifacts", large.media.sha256.slice(0, 2), large.media.sha256)));
      const shown = Buffer.from(/base64,([^"]+)"/.exec(String(bundle["text/html"]))![1]!, "base64");
      assert.deepEqual([shown.readUInt32BE(16), shown.readUInt32BE(20)], [256, 128]);
    },
    { inlineLimit: 1000 },
  );
});

test("an output of very many pictures stays small", async (t) => {
  await recorded(
    t,
    () => {
      const { bundle } = gallery(Array.from({ length: 300 }, (_, i) => noise(16, 16, 3, i)));
      const items = imagesOutput.parse(bundle["application/vnd.assay.images.v1+json"]).items;
      assert.equal(items.length, 300);
      assert.ok(items.filter(({ media }) => "base64" in media).length < 50);
      assert.match(String(bundle["text/html"]), /and 236 more/);
    },
    { inlineLimit: 2000 },
  );
});

test("a table: kinds, own text, missing cells, hostile text, long ones, many rows", () => {
  const interval = { toString: () => "0.1 [0.0, 0.2]" };
  const rows = [
    {
      name: hostile,
      n: 1,
      ok: true,
      day: new Date(0),
      nested: { a: 1 },
      measure: interval,
      big: 12345678901234567890n,
    },
    { name: "x".repeat(1000), n: 1e-9, ok: false, nested: [1, 2], other: null, bad: Number.NaN },
  ];
  const { bundle } = table(rows, { title: "T", units: { n: "dB" } });
  const rich = tableOutput.parse(bundle["application/vnd.assay.table.v1+json"]);
  assert.deepEqual(
    rich.columns.map(({ kind }) => kind),
    ["text", "number", "boolean", "date", "json", "text", "number", "text", "number"],
  );
  assert.equal(rich.rows![1]![8], "NaN");
  assert.equal(rich.rows![0]![5], "0.1 [0.0, 0.2]");
  assert.equal(rich.columns[1]!.unit, "dB");
  safe(bundle["text/html"]);
  assert.match(String(bundle["text/plain"]), /n \(dB\)/);
  const many = table(Array.from({ length: 20_000 }, (_, i) => ({ i })));
  assert.equal(tableOutput.parse(many.bundle["application/vnd.assay.table.v1+json"]).total, 20_000);
  assert.match(String(many), /and 19900 more rows/);
  assert.equal(tableOutput.parse(table([]).bundle["application/vnd.assay.table.v1+json"]).columns.length, 0);
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  assert.match(String(table([{ cyclic }])), /cyclic/);
  assert.equal(
    tableOutput.parse(
      table([JSON.parse('{"__proto__": 1, "a": 2}') as Record<string, unknown>]).bundle[
        "application/vnd.assay.table.v1+json"
      ],
    ).rows![0]!.length,
    2,
  );
});

test("a line chart: a figure, an SVG without anything executable, gaps where nothing is finite", () => {
  const series = [
    { name: hostile, y: Float64Array.of(1, Number.NaN, 0.5, Number.POSITIVE_INFINITY, 0.25) },
    { name: "b", x: [0, 10], y: [2, 1], low: [1.5, 0.5], high: [2.5, 1.5] },
  ];
  const { bundle } = lineChart(series, { title: hostile, xLabel: "<step>", yLabel: "loss" });
  const figure = plotOutput.parse(bundle["application/vnd.assay.plot.v1+json"]);
  assert.deepEqual(figure.data[0]!.y, [1, null, 0.5, null, 0.25]);
  assert.equal(figure.data.length, 4);
  const svg = String(bundle["image/svg+xml"]);
  safe(svg);
  assert.ok(!svg.includes("NaN") && !svg.includes("Infinity"));
  assert.equal(svg.match(/<path d="M[^"]*M[^"]*M/g)?.length, 1);
  for (const empty of [[], [{ name: "x", y: [] }], [{ name: "x", y: [3] }], [{ name: "x", y: [0, 0, 0] }]]) {
    assert.ok(!String(lineChart(empty).bundle["image/svg+xml"]).includes("NaN"), JSON.stringify(empty));
  }
  assert.ok(
    !String(lineChart([{ name: "x", y: [0, -1, 10, 1000] }], { logY: true }).bundle["image/svg+xml"]).includes("NaN"),
  );
  const long = String(
    lineChart([{ name: "x", y: Array.from({ length: 100_000 }, (_, i) => Math.sin(i)) }]).bundle["image/svg+xml"],
  );
  assert.ok(long.length < 30_000, `${long.length}`);
});

test("smoothing is the bias-corrected moving average, and the measured line stays", () => {
  assert.deepEqual(
    movingAverage([3, 3, 3], 0.9).map((value) => Number(value.toFixed(9))),
    [3, 3, 3],
  );
  assert.deepEqual(movingAverage([1, 0], 0.5), [1, 1 / 3]);
  const figure = plotOutput.parse(
    lineChart([{ name: "loss", y: [1, 0] }], { smooth: 0.5 }).bundle["application/vnd.assay.plot.v1+json"],
  );
  assert.deepEqual(
    figure.data.map(({ y }) => y),
    [
      [1, 0],
      [1, 1 / 3],
    ],
  );
});

test("ticks are round numbers that span the range", () => {
  assert.deepEqual(linearScale(0, 1, 0, 100).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(linearScale(-7, 23, 0, 1).ticks, [0, 10, 20]);
  assert.equal(linearScale(0, 10, 0, 100).at(5), 50);
  assert.ok(linearScale(5, 5, 0, 1).ticks.length > 0);
  assert.deepEqual(logScale(1, 1000, 0, 3).ticks, [1, 10, 100, 1000]);
  assert.equal(logScale(1, 1000, 0, 3).at(10), 1);
});

test("intervals side by side", () => {
  const { bundle } = intervalChart([
    { label: "open", value: 1, low: 0.5, high: 2 },
    { label: hostile, value: Number.NaN, low: 0, high: 0 },
  ]);
  plotOutput.parse(bundle["application/vnd.assay.plot.v1+json"]);
  safe(bundle["image/svg+xml"]);
});

test("progress is transient, updated in place under an id that a re-run repeats, and says rate and time left", async (t) => {
  const run = () =>
    recorded(t, async () => {
      const bar = display.progress({ label: hostile, total: 4 });
      bar.advance(2, { loss: "0.5" });
      await new Promise((resolve) => setTimeout(resolve, 120));
      bar.update(3);
      bar.finish({ loss: "0.1" });
      bar.update(1);
    });
  const { outputs } = await run();
  const shown = outputs.map((output) => {
    assert.ok(output.type === "display" && output.transient);
    return output;
  });
  assert.deepEqual(
    shown.map(({ update }) => update),
    [false, true, true],
  );
  assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
  const states = shown.map(({ data }) => progressOutput.parse(data["application/vnd.assay.progress.v1+json"]));
  assert.deepEqual(
    states.map(({ state, done }) => [state, done]),
    [
      ["running", 0],
      ["running", 3],
      ["done", 4],
    ],
  );
  assert.ok(states[1]!.rate! > 0 && states[1]!.remaining! > 0);
  assert.deepEqual(states[2]!.facts, { loss: "0.1" });
  assert.match(String(shown[1]!.data["text/plain"]), /3\/4 steps · .*\/s · 0:00 left · loss 0\.5/);
  safe(shown[1]!.data["text/html"]);
  const again = await run();
  assert.ok(again.outputs[0]!.type === "display" && again.outputs[0]!.displayId === shown[0]!.displayId);
});

test("two bars in one cell have ids of their own; failing keeps the bar where it was", async (t) => {
  const { outputs } = await recorded(t, () => {
    display.progress({ label: "a" }).advance(5);
    display.progress({ label: "b", total: 3 }).fail();
  });
  const ids = new Set(outputs.map((output) => (output.type === "display" ? output.displayId : "")));
  assert.equal(ids.size, 2);
  const last = outputs.at(-1)!;
  assert.ok(last.type === "display");
  assert.equal(progressOutput.parse(last.data["application/vnd.assay.progress.v1+json"]).state, "failed");
});

test("parts have bars of their own under the whole; an interrupt ends them as interrupted, and old ones make room", async (t) => {
  const cancel = new AbortController();
  const { outputs } = await recorded(
    t,
    () => {
      const bar = display.progress({ label: "train", total: 20, unit: "epoch" });
      for (let epoch = 0; epoch < 19; epoch++) {
        const part = bar.part({ label: `epoch ${epoch}`, total: 2 });
        part.update(1, { loss: "0.5" });
        part.finish();
        part.advance();
        bar.advance();
      }
      bar.part({ label: "epoch 19", total: 2 }).advance();
      cancel.abort();
      bar.fail();
      bar.fail();
    },
    { signal: cancel.signal },
  );
  const last = outputs.at(-1)!;
  assert.ok(last.type === "display" && last.transient);
  const shown = progressOutput.parse(last.data["application/vnd.assay.progress.v1+json"]);
  assert.deepEqual([shown.state, shown.done, shown.remaining], ["interrupted", 19, undefined]);
  assert.deepEqual(
    shown.parts!.map(({ label, state, done }) => [label, state, done]),
    [...Array.from({ length: 7 }, (_, index) => [`epoch ${12 + index}`, "done", 2]), ["epoch 19", "interrupted", 1]],
  );
  const lines = String(last.data["text/plain"]).split("\n");
  assert.equal(lines.length, 9);
  assert.match(lines[0]!, /^train {2}█+░ 19\/20 epochs · .*interrupted$/);
  assert.match(lines[8]!, /^ {2}epoch 19 {2}█+░+ 1\/2 steps · .*interrupted$/);
  safe(last.data["text/html"]);
});

test("display shows a value by its own method, else as text; live displays are replaced in place", async (t) => {
  const { outputs } = await recorded(t, () => {
    display(noise(2, 2, 3));
    display({ a: 1 });
    display("text");
    const handle = display.live(markdown("one"));
    handle.update(markdown("two"));
    display.images([noise(2, 2, 3)]);
    display.table([{ a: 1 }]);
    display.lineChart([{ name: "x", y: [1, 2] }]);
    display.html("<b>x</b>");
  });
  const bundles = outputs.map((output) => (output.type === "display" ? output : assert.fail(output.type)));
  assert.ok("application/vnd.assay.images.v1+json" in bundles[0]!.data);
  assert.deepEqual(bundles[1]!.data, { "text/plain": "{ a: 1 }" });
  assert.deepEqual(bundles[2]!.data, { "text/plain": "'text'" });
  assert.deepEqual([bundles[3]!.displayId, bundles[4]!.update], [bundles[4]!.displayId, true]);
  for (const { data } of bundles) assert.equal(typeof data["text/plain"], "string");
  assert.equal(html("<p>a</p><p>b</p>").bundle["text/plain"], "a b");
  assert.deepEqual(json({ a: [1] }).bundle["application/json"], { a: [1] });
});

test("compliance: counts, reasons, attributions, a warning, and nothing executable", async (t) => {
  const { outputs } = await recorded(t, () => {
    const item = {
      id: hostile,
      licenceClass: "creative_commons",
      bytes: 1500,
      admitted: true,
      rule: "mode.class",
      reason: hostile,
      evidence: [] as never[],
      flags: [] as string[],
      title: hostile,
      author: hostile,
      source: "javascript:alert(1)",
      licence: hostile,
      licenceUrl: 'https://a.example/"><script>',
    } as const;
    display.compliance({
      mode: "open_source_only",
      policyVersion: "assay-policy-1",
      violation: hostile,
      items: [item, { ...item, admitted: false, licenceClass: "unknown" }],
    });
  });
  const output = outputs[0]!;
  assert.ok(output.type === "display");
  complianceOutput.parse(output.data["application/vnd.assay.compliance.v1+json"]);
  safe(output.data["text/html"]);
  assert.ok(!/href="javascript/i.test(String(output.data["text/html"])));
  assert.match(String(output.data["text/html"]), /role="alert"/);
  assert.match(String(output.data["text/plain"]), /WARNING: .*\n.*1 of 2 items admitted/);
});

test("an image shows its prompt and seed", async (t) => {
  await recorded(t, () => {
    const bundle = noise(4, 4, 3).with({ prompt: "a cube", seed: 7 })[displaySymbol]();
    assert.equal(bundle["text/plain"], "image 4×4, “a cube”, seed 7");
  });
});

test("pixels of a canvas, in a clamped array, are an image without being copied", () => {
  const data = Uint8ClampedArray.from([0, 128, 255, 7, 300, -4]);
  const picture = new Image({ width: 2, height: 1, channels: 3, data });
  assert.deepEqual([...picture.data], [0, 128, 255, 7, 255, 0]);
  data[0] = 9;
  assert.equal(picture.data[0], 9);
});

test("badges are texts or numbers; what a gallery cannot show is named, with its place and what would do", () => {
  const picture = new Image({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) });
  const view = gallery([{ image: picture, badges: { CLIP: 0.271234, style: "neon" } }]);
  const bundle = view[displaySymbol]() as Record<string, unknown>;
  const { items } = imagesOutput.parse(bundle["application/vnd.assay.images.v1+json"]);
  assert.deepEqual(items[0]!.badges, { CLIP: "0.2712", style: "neon" });
  const wrong = { image: picture, seed: "three" as unknown as number };
  assert.throws(
    () => gallery([wrong])[displaySymbol](),
    (error: Error & { code?: string }) => {
      assert.equal(error.name, "AssayError");
      assert.match(
        error.message,
        /^display\.images, option items\[0\]\.seed \("three"\): invalid input: expected number/,
      );
      return true;
    },
  );
});
