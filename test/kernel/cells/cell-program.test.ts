import assert from "node:assert/strict";
import { test } from "node:test";
import { Script } from "node:vm";
import { Bindings } from "../../../kernel/cells/bindings.ts";
import { cellProgram } from "../../../kernel/cells/cell-program.ts";

/** Runs cells one after another in one scope and gives the value that each shows. */
async function run(...cells: readonly string[]): Promise<unknown[]> {
  const bindings = new Bindings();
  const values: unknown[] = [];
  for (const source of cells) {
    const program = cellProgram(source, (name) => bindings.has(name));
    for (const name of program.vars) bindings.get(name).hoist();
    const body = new Script(program.code).runInThisContext() as (...args: unknown[]) => unknown;
    let shown: unknown;
    const helpers = [(value: unknown) => (shown = value), undefined, {}, (value: unknown) => value, () => {}];
    try {
      await body(...program.names.map((name) => bindings.get(name)), ...helpers);
    } catch (error) {
      shown = error instanceof Error ? `${error.name}: ${error.message}` : error;
    }
    values.push(shown);
  }
  return values;
}

/** The value of the last of several cells. */
async function last(...cells: readonly string[]): Promise<unknown> {
  return (await run(...cells)).at(-1);
}

const kinds: Readonly<Record<string, string>> = {
  const: "const a = 'const'",
  let: "let a = 'let'",
  var: "var a = 'var'",
  function: "function a() {}",
  class: "class a {}",
  enum: "enum a { X }",
  namespace: "namespace a { export const q = 1 }",
  destructuring: "const { a } = { a: 'destructured' }",
};

for (const [before, first] of Object.entries(kinds))
  for (const [after, second] of Object.entries(kinds))
    test(`${before} may become ${after}`, async () => {
      const values = await run(first, "let keep = a", second, "[typeof keep, typeof a, a === keep]");
      const fresh = await run(second, "typeof a");
      const [, now, same] = values.at(-1) as [string, string, boolean];
      assert.equal(now, fresh.at(-1));
      assert.equal(same, before === after && typeof now === "string" && now === "string");
    });

test("a line that starts with a call does not continue the line before", async () => {
  assert.deepEqual(
    await last(
      "const seen: number[] = []; function note(x: number) { seen.push(x); return x }",
      "const a = 1\nnote(a)\nconst b = 2\nnote(b) && note(3)",
      "seen",
    ),
    [1, 2, 3],
  );
});

test("`this` of a called function stays undefined, also when the function is shared by cells", async () => {
  assert.equal(await last("function self(this: unknown) { return this }", "self() === undefined"), true);
  assert.equal(await last("const tag = function (this: unknown) { return this }", "tag`x` === undefined"), true);
});

test("a function that is assigned to a variable takes its name", async () => {
  assert.deepEqual(
    await last("let f: any, g: any; f = () => {}; g = function () {}", "const h = class {}; [f.name, g.name, h.name]"),
    ["f", "g", "h"],
  );
});

test("defaults in a pattern see the names of their own pattern", async () => {
  assert.deepEqual(await last("const { p, q = p } = { p: 4 } as any; const [r, s = r] = [5]", "[q, s]"), [4, 5]);
});

test("assignment patterns write to shared variables", async () => {
  assert.deepEqual(
    await last("let a = 1, b = 2, c = 0", "[a, b] = [b, a]; ({ c } = { c: 7 }); ({ c = 9 } = {} as any)", "[a, b, c]"),
    [2, 1, 9],
  );
});

test("var in loops and blocks belongs to the cell and stays", async () => {
  assert.deepEqual(
    await last("for (var i = 0; i < 3; i++); for (var k in { z: 1 }) k; if (true) { var inner = 5 }", "[i, k, inner]"),
    [3, "z", 5],
  );
});

test("names inside functions and blocks do not touch the shared ones", async () => {
  const cells = [
    "let a = 1; const o = { a: 5 }",
    "{ let a = 2; a++ }\nfunction f(a: number) { a = 9; return a }\nf(0); (({ a }) => { a = 3 })(o); try { throw 4 } catch (a) { a = 6 } for (const a of [7]) a;",
    "[a, o.a]",
  ];
  assert.deepEqual(await last(...cells), [1, 5]);
});

test("assigning to a constant or to a name nobody declared fails", async () => {
  assert.match(String(await last("const fixed = 1; fixed = 2")), /TypeError: .*read only/);
  assert.equal(await last("nobody = 5"), "ReferenceError: nobody is not defined");
  assert.equal(await last("typeof nobody"), "undefined");
});

test("an enum that is declared again starts anew", async () => {
  assert.deepEqual(await last("enum E { A, B }", "enum E { C }", "Object.keys(E)"), ["0", "C"]);
});

test("globals may be shadowed for cells without harm to anything else", async () => {
  const url = globalThis.URL;
  assert.equal(await last("function parse() { return new URL('http://x/y').pathname }", "parse()"), "/y");
  assert.deepEqual(await last("const URL = 'mine'; const Map = 3", "[URL, Map]"), ["mine", 3]);
  assert.equal(globalThis.URL, url);
});

test("the last expression is the value, with a semicolon or without, and a declaration has none", async () => {
  assert.deepEqual(
    await run(
      "1 + 1",
      "2 * 2;",
      "const x = 1;",
      "function f() {}",
      "x; // note",
      "x\ninterface I {}",
      "{ a: 1 }",
      "export default 6",
    ),
    [2, 4, undefined, undefined, 1, 1, { a: 1 }, 6],
  );
});

test("what a cell reads and writes is known", () => {
  const { reads, writes, touches } = cellProgram(
    "const a = b + Math.PI; list.push(a); c = 1; delete o.x; f(o2)",
    () => false,
  );
  assert.deepEqual([...reads].sort(), ["b", "c", "f", "list", "o", "o2"]);
  assert.deepEqual([...writes].sort(), ["a", "c"]);
  assert.deepEqual([...touches].sort(), ["list", "o"]);
});

test("places in the compiled code lead back to the source", () => {
  const source = "interface A { x: number }\nenum E { A }\nconst v: number = 1;\n  boom(v)\n";
  const { code, origin } = cellProgram(source, () => false);
  const at = code.split("\n").findIndex((line) => line.includes("ªboom.v"));
  const column = code.split("\n")[at]!.indexOf("ªboom.v") + 1;
  assert.deepEqual(origin({ line: at + 1, column }).line, 4);
});

test("a syntax error has its place", () => {
  for (const [source, line, column] of [
    ["const a = 1;\nconst c = = 3;", 2, 11],
    ["let a = 1;\n\nlet a = 2;", 3, 5],
  ] as const)
    assert.throws(
      () => cellProgram(source, () => false),
      (error: { position?: unknown }) => {
        assert.deepEqual(error.position, { line, column });
        return true;
      },
    );
});
