import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { colouredTrace } from "../../extension/notebook/trace-colours.ts";

const lines = [
  "RangeError: a batch of 32 does not fit",
  "    at loadBatch (loader.ts:2:23)",
  "    1 │ export async function loadBatch(size: number) {",
  "  > 2 │   if (size > 8) throw new RangeError(size);",
  "      │                       ^",
  "    at cell #5:1:21 {",
  "  [cause]: TypeError: limit is 8",
  "      at inner (cell #12:1:21)",
  "}",
];

test("a trace keeps its words; names, places and the line at fault have colours", () => {
  const coloured = colouredTrace(lines);
  assert.equal(stripVTControlCharacters(coloured), lines.join("\n"));
  for (const part of ["RangeError", "loader.ts:2:23", "> 2", "^", "cell #5:1:21", "TypeError", "cell #12:1:21"])
    assert.match(coloured, new RegExp(`\u001b\\[[\\d;]+m${part.replace(/[\^.]/g, "\\$&")}\u001b\\[0m`), part);
});

test("a trace with colours of its own stays as it is, and so does what only looks like a trace", () => {
  const own = ["\u001b[31mError\u001b[0m: x", "    at cell #1:1:1"];
  assert.equal(colouredTrace(own), own.join("\n"));
  assert.equal(colouredTrace(["Uncaught 3", "some text"]), "Uncaught 3\nsome text");
});
