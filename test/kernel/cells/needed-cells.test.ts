import assert from "node:assert/strict";
import { test } from "node:test";
import { neededCells } from "../../../kernel/cells/needed-cells.ts";

/** Numbers of the cells that the last one needs, itself left out. */
function needs(...sources: readonly string[]): number[] {
  const cells = sources.map((source, at) => ({ id: String(at + 1), index: at + 1, source }));
  return neededCells(cells, String(cells.length), ["display", "require"]).slice(0, -1).map(Number);
}

test("the writers of what a cell reads, and theirs", () => {
  assert.deepEqual(needs("const a = 1", "const b = a", "const z = 9", "b"), [1, 2]);
  assert.deepEqual(needs("const a = 1", "const a = 2", "a"), [2]);
  assert.deepEqual(needs("const a = 1", "console.log(a)", "Math.max(1, 2)"), []);
  assert.deepEqual(needs("const a = 1", "display(a)", "display(2)"), []);
});

test("imports and parameters count as writers", () => {
  assert.deepEqual(
    needs('import { parameters } from "assay"', "const params = parameters({ steps: 1 })", "1", "params.steps"),
    [1, 2],
  );
});

test("what changes a value is needed too, back to the declaration", () => {
  assert.deepEqual(needs("let n = 0", "n++", "n = n + 1", "const m = 1", "n"), [1, 2, 3]);
  assert.deepEqual(needs("let n = 0", "n = 5", "n"), [1, 2], "an assignment needs the variable");
  assert.deepEqual(needs("const list = []", "list.push(1)", "const other = []", "list.length"), [1, 2]);
  assert.deepEqual(needs("const o = {}", "o.a = 1", "delete o.b", "o"), [1, 2, 3]);
});

test("functions bring what they use when they are called, and what they do", () => {
  assert.deepEqual(needs("function f() { return k }", "let k = 1", "const z = 1", "f()"), [1, 2]);
  assert.deepEqual(
    needs("const log: number[] = []; function add() { log.push(1) }", "1", "add()", "log.length"),
    [1, 3],
  );
});

test("looking at a value does not change it", () => {
  assert.deepEqual(needs("const rows = [1]", "console.log(rows.map((row) => row + 1).join())", "rows"), [1]);
  assert.deepEqual(
    needs("const rows = [{ n: 1 }]", "rows.filter((row) => row.n > 0).forEach((row) => console.log(row))", "rows"),
    [1],
  );
  assert.deepEqual(needs("const rows = [{ n: 1 }]", "rows.forEach((row) => { row.n = 2 })", "rows"), [1, 2]);
  assert.deepEqual(needs("const rows = [{ n: [1] }]", "rows.map((row) => row.n.push(2))", "rows"), [1, 2]);
  assert.deepEqual(needs("const rows = [1]", "rows.slice().map(String); rows.sort()", "rows"), [1, 2]);
  assert.deepEqual(needs("const model = make()", "model.train()", "model.loss"), [1, 2], "a method that nobody knows");
});

test("a cell that evaluates text needs all above, and those below need it", () => {
  assert.deepEqual(needs("const a = 1", "const b = 2", "eval('a')"), [1, 2]);
  assert.deepEqual(needs("const a = 1", "eval('a')", "const c = 1", "c"), [1, 2, 3]);
});

test("a cell that cannot be parsed is not needed", () => {
  assert.deepEqual(needs("const a = 1", "const a = ;", "a"), [1]);
  assert.deepEqual(needs("const a = 1", "const b = ;"), []);
});

test("types are not needed", () => {
  assert.deepEqual(needs("interface Row { n: number }", "const row: Row = { n: 1 }", "row.n"), [2]);
});
