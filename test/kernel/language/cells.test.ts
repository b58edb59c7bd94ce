import assert from "node:assert/strict";
import { test } from "node:test";
import { testNotebook } from "../../support/language-notebook.ts";

const notebook = testNotebook();

/** The declaration that a hover at `|>` shows. */
function hovered(cell: number): string | undefined {
  return notebook.service.hover(String(cell), notebook.mark(cell))?.declaration;
}

test("types flow between cells in both directions", () => {
  notebook.cells(
    "const server = { port: 80 };\nfunction late() { return made(1) }",
    "server.|>port.toFixed();\nserver.prot",
    "function made(n: number) { return String(n) }",
    "|>late()",
  );
  assert.deepEqual(notebook.errors(1), []);
  assert.deepEqual(notebook.errors(2), ["2339 at 2: Property 'prot' does not exist on type '{ port: number; }'."]);
  assert.equal(hovered(2), "(property) port: number");
  assert.equal(hovered(4), "function late(): string");
});

test("a name is what the latest cell before declares, whatever kind it was", () => {
  notebook.cells(
    "const K = 'text';\nK.length",
    "class K<T> { constructor(readonly item: T) {} }",
    "const made: K<number> = new K(1);\n|>made.item.toFixed();",
    "function K() { return true }",
    "|>K().valueOf()",
    "new K()",
  );
  for (const cell of [1, 2, 3, 4, 5]) assert.deepEqual(notebook.errors(cell), [], `cell ${cell}`);
  assert.equal(hovered(3), "const made: K<number>");
  assert.equal(hovered(5), "function K(): boolean");
  assert.match(notebook.errors(6).join(), /^7009 at 1/);
});

test("moving a cell changes what the others see", () => {
  notebook.cells("let x = 1;", "let x = 'a';", "|>x");
  assert.equal(hovered(3), "let x: string");
  notebook.cells("let x = 'a';", "let x = 1;", "|>x");
  assert.equal(hovered(3), "let x: number");
  notebook.cells("let x = 'a';", "", "|>x");
  assert.equal(hovered(3), "let x: string");
});

test("variables of other cells are assigned with their types", () => {
  notebook.cells(
    "let n = 1;\nvar v: string | undefined;\nlet pair: [number, string] = [1, 'a'];",
    "n = 2; n += 1; n++;\nv = 'a'; v.length;\n[n, v] = pair;\nfor (n of [1, 2]) n;\n({ n } = { n: 3 });",
    "n = 'text';",
  );
  assert.deepEqual(notebook.errors(2), []);
  assert.deepEqual(notebook.errors(3), ["2322 at 1: Type 'string' is not assignable to type 'number'."]);
});

test("constants, functions, classes and imports of other cells are not assigned", () => {
  notebook.cells(
    "const c = 1;\nfunction f() {}\nclass C {}\nenum E { A }\nimport { join } from 'node:path';",
    "c = 2;\nf = () => {};\nC = class {};\nE = 1;\njoin = () => '';",
  );
  assert.deepEqual(notebook.errors(2), [
    "2588 at 1: Cannot assign to 'c' because it is a constant.",
    "2630 at 2: Cannot assign to 'f' because it is a function.",
    "2629 at 3: Cannot assign to 'C' because it is a class.",
    "2628 at 4: Cannot assign to 'E' because it is an enum.",
    "2632 at 5: Cannot assign to 'join' because it is an import.",
  ]);
});

test("a constant of another cell widens as it does in its own", () => {
  notebook.cells("const size = 64;", "let width = size;\nwidth = 128;\nconst exact: 64 = size;");
  assert.deepEqual(notebook.errors(2), []);
});

test("an array that starts empty takes what later cells put into it", () => {
  notebook.cells(
    "const results = [];\nlet best;\nconst typed: number[] = [];",
    "results.push({ loss: 1 });\nbest = results[0];\nbest.loss;\ntyped.push(1);\nresults.length",
    "typed.push('a')",
  );
  assert.deepEqual([...notebook.errors(1), ...notebook.errors(2)], []);
  assert.match(notebook.errors(3).join(), /^2345 at 1/);
});

test("types, interfaces, namespaces and enums cross cells", () => {
  notebook.cells(
    "interface A<T> { item: T }\ntype B = A<string>;\nnamespace Geo { export interface P { x: number }\nexport const k = 2 }\nenum Color { Red, Blue = 'b' }",
    "const b: B = { item: 'x' };\nconst p: Geo.P = { x: Geo.k };\nconst c: Color.Red = Color.Red;\nconst wrong: A<number> = { item: 'x' };",
  );
  assert.deepEqual(notebook.errors(2), ["2322 at 4: Type 'string' is not assignable to type 'number'."]);
});

test("a later interface of the same name replaces the earlier one", () => {
  notebook.cells("interface P { x: number }", "interface P { y: number }", "const p: P = { y: 1 };\np.x");
  assert.deepEqual(notebook.errors(3), ["2339 at 2: Property 'x' does not exist on type 'P'."]);
});

test("a value and a type of one name may come from different cells", () => {
  notebook.cells(
    "interface Pair<T> { of: T }",
    "const Pair = <T>(of: T): Pair<T> => ({ of });",
    "const one: Pair<number> = Pair(1);\none.of.toFixed();\nPair(1, 2);",
  );
  assert.deepEqual(notebook.errors(2), []);
  assert.deepEqual(notebook.errors(3), ["2554 at 3: Expected 1 arguments, but got 2."]);
});

test("destructured and loop variables are shared, inner ones are not", () => {
  notebook.cells(
    "const { a, b: { c = 1, ...rest }, ...others } = { a: 1, b: { c: 2, d: 'x' }, e: true };\nconst [first, ...more] = [1, 2];\nfor (var i = 0; i < 2; i++) { let inside = i; var hoisted = inside; }",
    "[a, c, rest.d, others.e, first, more.length, i, hoisted];\ninside",
  );
  assert.deepEqual(notebook.errors(2), ["2304 at 2: Cannot find name 'inside'."]);
});

test("names may shadow globals, for the cells that follow", () => {
  notebook.cells(
    "const r = await fetch('data:,x');\nr.ok;",
    "const fetch = () => 7;\nconst name = 'nb';",
    "fetch().toFixed();\nname.length",
    "type Map = number;",
    "const m: Map = 1;",
  );
  for (const cell of [1, 2, 3, 4, 5]) assert.deepEqual(notebook.errors(cell), [], `cell ${cell}`);
});

test("what a cell exports is shared as any other declaration", () => {
  notebook.cells(
    "export const a = 1;\nexport default class Box { x = 1 }\nconst b = 2;\nexport { b, b as other };\nexport type T = 'x';",
    "const t: T = 'x';\n[a, new Box().x, b, t]",
  );
  assert.deepEqual([...notebook.errors(1), ...notebook.errors(2)], []);
});

test("a lone object in braces is an object, as in the kernel", () => {
  notebook.cells("const a = 1;", "  { a, b: 'x', c: a.toFixd() }", "{ const inner = 1; inner; }");
  assert.deepEqual(notebook.errors(2), [
    "2551 at 1: Property 'toFixd' does not exist on type '1'. Did you mean 'toFixed'?",
  ]);
  assert.deepEqual(notebook.errors(3), []);
  assert.equal(notebook.service.diagnostics("2")[0]?.range.start.column, 20);
});

test("places are counted in the cell's own text, Windows line ends and astral characters included", () => {
  notebook.cells("const before = 1;", "const s = '😀';\r\nmissing;");
  const [one] = notebook.service.diagnostics("2");
  assert.deepEqual(one?.range, { start: { offset: 17, line: 1, column: 0 }, end: { offset: 24, line: 1, column: 7 } });
});

test("code that is being typed keeps the names of other cells", () => {
  notebook.cells(
    "const server = { port: 80, host: 'h' };",
    "function f() {\n  if (server.|>",
    "const text = `${server.|>",
  );
  assert.deepEqual(notebook.completions(2).sort(), ["host", "port"]);
  assert.deepEqual(notebook.completions(3).sort(), ["host", "port"]);
});

test("an unclosed bracket is reported inside the cell and the other cells stay clean", () => {
  notebook.cells("const a = 1;", "const list = [a,", "a.toFixed()");
  const found = notebook.service.diagnostics("2");
  assert.ok(found.length > 0 && found.every((one) => one.range.end.offset <= "const list = [a,".length));
  assert.ok(found.some((one) => one.syntax));
  assert.deepEqual(notebook.errors(3), []);
});

test("messages tell same-named types of different cells apart", () => {
  notebook.cells("class K { private a = 1 }\nlet old = new K();", "class K { private a = 2 }", "old = new K();");
  const [message = ""] = notebook.errors(3);
  assert.match(message, /^2322 at 1: Type 'K( \(cell 2\))?' is not assignable to type 'K( \(cell 1\))?'/);
  assert.ok(!message.includes(".assay-cell"), message);
});

test("pragmas at the top of a cell hold for it", () => {
  notebook.cells(
    "// @ts-nocheck\nconst a: number = 'x';",
    "// @ts-ignore\nconst b: number = 'x';\nconst c: number = 'x';",
  );
  assert.deepEqual(notebook.errors(1), []);
  assert.match(notebook.errors(2).join(), /^2322 at 3[^,]*$/);
});

test("a cell that was removed is unknown", () => {
  notebook.cells("const a = 1;", "a");
  notebook.cells("1");
  assert.deepEqual(notebook.service.diagnostics("2"), []);
  assert.deepEqual(notebook.service.completions("2", 0).items, []);
  assert.equal(notebook.service.hover("2", 0), null);
});

test("parameters without types are a warning, no error", () => {
  notebook.cells("const twice = (n) => n * 2;\nfunction a() { return b() }", "function b() { return a() }");
  const found = notebook.service.diagnostics("1").map((one) => [one.code, one.severity]);
  assert.deepEqual(found, [
    [7006, "warning"],
    [7023, "warning"],
  ]);
});

test("a property of globalThis that a cell made is no error", () => {
  notebook.cells("globalThis.kept = 5;", "globalThis.kept + 1");
  assert.deepEqual([...notebook.errors(1), ...notebook.errors(2)], []);
});
