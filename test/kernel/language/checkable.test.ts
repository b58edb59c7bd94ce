import assert from "node:assert/strict";
import { test } from "node:test";
import { isCheckable } from "../../../kernel/language/checkable.ts";

const nothing = [
  "1 + 1",
  "undefined",
  "let total = 0; for (let i = 0; i < 10; i++) total += i; total",
  'const n: number = 1, s = "text"; n',
  'const s: string = "a"; let on: boolean = true',
  'console.log("a", 1.5, Math.PI); console.table([...[1, 2]])',
  "const start = performance.now(); Math.max(1, 2)",
  "// server.prot\n'server.prot'",
  "if (a) b; while (c) d; return (e)",
];
for (const source of nothing) test(`nothing to check: ${source}`, () => assert.equal(isCheckable(source), false));

const something = [
  "server.prot",
  'double("x")',
  '"abc".foo',
  "const p: Point = { x: 1 };",
  "function f(): number { return 'x' }",
  'import { norm } from "./mod.ts";',
  "class A implements B {}",
  "const { a, b } = { a: 1 };",
  "const x = y as Z",
  'console.lgo("x")',
  "// @ts-expect-error\nconst fine = 1;",
];
for (const source of something) test(`something to check: ${source}`, () => assert.equal(isCheckable(source), true));

test("a long cell is left to those who look at its text", () => {
  assert.equal(isCheckable("a.b\n".repeat(40)), false);
  assert.equal(isCheckable(`a.b;${" ".repeat(3000)}`), false);
});
