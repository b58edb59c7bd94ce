import assert from "node:assert/strict";
import { test } from "node:test";
import { vegaBundle } from "../../../../kernel/sdk/media/vega.ts";

const bars = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  data: {
    values: [
      { mode: "open", kid: 4.2 },
      { mode: "full", kid: 2.9 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "mode", type: "nominal" }, y: { field: "kid", type: "quantitative" } },
};
const svg = async (kind: "vega" | "vega-lite", spec: object) =>
  String((await vegaBundle(kind, spec as Record<string, unknown>))["image/svg+xml"]);
/** Fills of rectangles as large as the picture. */
const white = /fill="(?:white|#fff(?:fff)?)"/;

test("a chart without a background has none, and its text is of the theme where there is one", async () => {
  const image = await svg("vega-lite", bars);
  assert.doesNotMatch(image, white);
  assert.match(image, /<style>.*var\(--vscode-editor-foreground,#7f8589\)/);
  assert.match(image, /<text[^>]*fill="#7f8589"[^>]*>kid</);
  assert.doesNotMatch(image, /<text[^>]*fill="#000"/);
});

test("a Vega chart too", async () => {
  const spec = {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    width: 100,
    height: 60,
    scales: [{ name: "x", domain: [0, 10], range: "width" }],
    axes: [{ orient: "bottom", scale: "x", title: "steps" }],
  };
  const image = await svg("vega", spec);
  assert.match(image, /<text[^>]*fill="#7f8589"[^>]*>steps</);
  assert.doesNotMatch(image, white);
});

test("what a specification says of its colours holds", async () => {
  const image = await svg("vega-lite", { ...bars, background: "white" });
  assert.match(image, white);
  assert.doesNotMatch(image, /#7f8589/);
  const own = await svg("vega-lite", { ...bars, config: { axis: { titleColor: "#123456" } } });
  assert.match(own, /<text[^>]*fill="#123456"[^>]*>kid</);
});
