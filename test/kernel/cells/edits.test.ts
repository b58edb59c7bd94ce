import assert from "node:assert/strict";
import { test } from "node:test";
import { Edits } from "../../../kernel/cells/edits.ts";
import { LineIndex } from "../../../kernel/cells/positions.ts";

test("every character of the result leads back to where it came from", () => {
  const edits = new Edits("let a = 1; f(a)");
  edits.replace(11, 12, "(0,g.v)");
  edits.insert(0, "/**/");
  edits.replace(13, 14, "a.v");
  edits.insert(15, ";");
  const { code, origin } = edits.apply();
  assert.equal(code, "/**/let a = 1; (0,g.v)(a.v);");
  assert.equal(origin(code.indexOf("let")), 0);
  assert.equal(origin(code.indexOf("= 1")), 6);
  assert.equal(origin(code.indexOf("g.v")), 11);
  assert.equal(origin(code.indexOf("(a.v")), 12);
  assert.equal(origin(code.indexOf("a.v);")), 13);
});

test("edits at one place stay in the order in which they were made", () => {
  const edits = new Edits("xy");
  edits.insert(1, "1");
  edits.insert(1, "2");
  edits.insert(1, "3");
  assert.equal(edits.apply().code, "x123y");
});

test("lines and columns are counted from 1", () => {
  const lines = new LineIndex("ab\ncd\n\nef");
  assert.deepEqual(lines.position(0), { line: 1, column: 1 });
  assert.deepEqual(lines.position(4), { line: 2, column: 2 });
  assert.deepEqual(lines.position(7), { line: 4, column: 1 });
  for (let at = 0; at < 9; at++) assert.equal(lines.offset(lines.position(at)), at);
});
