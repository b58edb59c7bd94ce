import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TypeSuspicion } from "../../../kernel/language/type-suspicion.ts";

/** Cells in a row; the last one is asked about. */
function suspects(...cells: readonly string[]): boolean {
  const suspicion = new TypeSuspicion();
  return cells.map((cell) => suspicion.looksWrong(cell)).at(-1) ?? false;
}

describe("cells that look wrong", () => {
  const wrong: readonly (readonly string[])[] = [
    ['const tn: number = "str";'],
    ["let s: string = 7;"],
    ["const b: boolean = `yes`"],
    ["const n: number[] = 3"],
    ["const server = { port: 80 };", "server.prot"],
    ["interface P { x: number; y?: number }", "const p: P = { y: 1 }"],
    ["type P = { x: number }", "const p: P = { x: 1, z: 2 }"],
    ["type P = { x: number }\nconst p: P = { x: 'one' }"],
    ["interface P { x: number }", "declare const q: P; const p: P = { x: 1 };", "p.xx"],
    ["function add(a: number, b: number) { return a + b }", "add('1', 2)"],
    ["function add(a: number, b: number) { return a + b }", "add(1)"],
    ["const half = (n: number): number => n / 2;", "half(1, 2)"],
  ];
  for (const cells of wrong) test(cells.join(" | "), () => assert.equal(suspects(...cells), true));
});

describe("cells that do not", () => {
  const right: readonly (readonly string[])[] = [
    ["1 + 1"],
    ["const n: number = 3, s: string = 'a';"],
    ["const n: number = 'abc'.length;"],
    ["const text = 'const n: number = \"x\"'; // const n: number = 'x'"],
    ["const server = { port: 80 };", "server.port; server.toString()"],
    ["const server = { port: 80 };", "let server = { prot: 80 };", "server.prot"],
    ["interface P { x: number; y?: number }", "const p: P = { x: 1 }", "p.y"],
    ["function add(a: number, b = 2, ...rest: number[]) { return a + b }", "add(1); add(1, 2, 3, 4); add(...[1, 2])"],
    ["function add(a: number | string) { return a }", "add('1')"],
    ["const big: bigint = 3n; const o: Record<string, number> = { a: 1 }; const u: 'a' | 'b' = 'a';"],
    ["enum E { A }\nconst e: E = E.A;"],
    ["for (const n of [1]) console.log(n);\nconst f = async (x: number) => x;\nawait f(2)"],
  ];
  for (const cells of right) test(cells.join(" | "), () => assert.equal(suspects(...cells), false));
});
