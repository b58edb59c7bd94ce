import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../extension/notebook/coalesce.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";

const out = (text: string): Output => ({ type: "stream", name: "stdout", text });
const err = (text: string): Output => ({ type: "stream", name: "stderr", text });
const display = (id: string, value: number, update = true): Output => ({
  type: "display",
  data: { "text/plain": String(value) },
  displayId: id,
  update,
});

test("text of one stream is joined, in order, and the other stream stays between", () => {
  assert.deepEqual(coalesce([out("a"), out("b"), err("c"), out("d"), out("e")]), [out("ab"), err("c"), out("de")]);
});

test("of the updates of a display the last stays, at the place of the first", () => {
  const outputs = [display("p", 1), out("x"), display("p", 2), display("q", 9), display("p", 3), out("y")];
  assert.deepEqual(coalesce(outputs), [display("p", 3), out("x"), display("q", 9), out("y")]);
});

test("a new display with the same id is no update, and stays", () => {
  const outputs = [display("p", 1, false), display("p", 2, false)];
  assert.deepEqual(coalesce(outputs), outputs);
});

test("what a clear removes at once is not shown at all; a clear that waits removes nothing yet", () => {
  const now: Output = { type: "clear", wait: false };
  const later: Output = { type: "clear", wait: true };
  assert.deepEqual(coalesce([out("a"), display("p", 1), now, out("b")]), [now, out("b")]);
  assert.deepEqual(coalesce([out("a"), later, out("b")]), [out("a"), later, out("b")]);
});

test("an update after a clear is not put at its place before the clear", () => {
  const now: Output = { type: "clear", wait: false };
  assert.deepEqual(coalesce([display("p", 1), now, display("p", 2)]), [now, display("p", 2)]);
});
