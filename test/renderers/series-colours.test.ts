import assert from "node:assert/strict";
import { test } from "node:test";
import { seriesColours } from "../../kernel/protocol/series-colours.ts";
import { themedTraces } from "../../renderers/plot/series-colours.ts";

const theme = ["rgb(165, 155, 255)", "rgb(255, 157, 92)"];

test("the kernel's colours of series become those of the theme, with their opacity", () => {
  const [first, second] = seriesColours;
  const traces = [
    { type: "scatter", y: [1], line: { color: first, width: 2 } },
    { type: "scatter", y: [1], fillcolor: `${second}33`, marker: { color: second, size: 4 } },
  ];
  assert.deepEqual(themedTraces(traces, theme), [
    { type: "scatter", y: [1], line: { color: theme[0], width: 2 } },
    { type: "scatter", y: [1], fillcolor: "rgba(255, 157, 92, 0.200)", marker: { color: theme[1], size: 4 } },
  ]);
});

test("colours that somebody chose stay, and so does what is no colour", () => {
  const traces = [
    { line: { color: "#123456" }, marker: { color: [1, 2] }, fillcolor: `${seriesColours[0]}zz` },
    { y: [1] },
    { line: null, marker: "red" },
    { line: { color: seriesColours[7] } },
  ];
  assert.deepEqual(themedTraces(traces, theme), traces);
});
