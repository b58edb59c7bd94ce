import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseCell } from "../../../kernel/language/dependencies.ts";

const relevant = (source: string, names: readonly string[]) => {
  const found = analyseCell(source);
  const among = (list: readonly string[] = []) => list.filter((name) => names.includes(name));
  return { reads: among(found?.reads), writes: among(found?.writes), mutates: among(found?.mutates) };
};

test("declarations of every kind", () => {
  const source = `import d, { a as b, type T } from "x"; import * as ns from "y";
    const { c, e: [f, ...g], ...h } = b; let i = 1; var j; function k() {} class L {} enum M { A } namespace N { export const z = 1 }
    interface O {} type P = O; for (var q of []) {} { const inner = 1 } export const r = 1; @dec class S {}`;
  assert.deepEqual(analyseCell(source)?.declares.toSorted(), [..."bcdfghijkLMNqrS", "ns"].toSorted());
});

test("reads leave out what the cell or an inner scope declares, and types", () => {
  assert.deepEqual(analyseCell("const x: Shape = load(path); use(x, (y) => y + z); { let w = 1; w }")?.reads, [
    "load",
    "path",
    "use",
    "z",
  ]);
  assert.deepEqual(analyseCell("({ a, b: c, [d]: 1 }); o.p.q; typeof r; label: for (;;) break label;")?.reads, [
    "a",
    "c",
    "d",
    "o",
    "r",
  ]);
  assert.deepEqual(analyseCell("{ a, b: c }")?.reads, ["a", "c"], "a lone object");
});

test("writes are assignments to names of other cells", () => {
  assert.deepEqual(
    relevant("n = 1; m += 1; k++; [a, b.c] = [1, 2]; ({ d } = e); for (f of g) {} let own = 1; own = 2;", [
      ..."nmkabcdefg",
      "own",
    ]),
    {
      reads: ["m", "k", "b", "e", "g"],
      writes: ["n", "m", "k", "a", "d", "f"],
      mutates: [],
    },
  );
});

test("values that may change in place are told by their root name", () => {
  assert.deepEqual(
    relevant(
      "list.push(1); options.size = 3; delete cache.key; deep.a.b[0]++; plain(1); read.only; const own = []; own.sort(); { const hidden = []; hidden.pop() }",
      ["list", "options", "cache", "deep", "plain", "read", "own", "hidden"],
    ).mutates,
    ["list", "options", "cache", "deep", "own"],
  );
});

test("modules by fixed name", () => {
  assert.deepEqual(
    analyseCell(
      'import "a"; export * from "b"; await import("c"); require("d"); import(name); import type { T } from "e"',
    )?.modules,
    ["a", "b", "c", "d"],
  );
});

test("text that cannot be parsed has no analysis, and empty text an empty one", () => {
  assert.equal(analyseCell("const = ;"), null);
  assert.deepEqual(analyseCell("// nothing"), { declares: [], reads: [], writes: [], mutates: [], modules: [] });
});
