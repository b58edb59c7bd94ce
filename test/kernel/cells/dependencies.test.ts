import assert from "node:assert/strict";
import { test } from "node:test";
import { Bindings } from "../../../kernel/cells/bindings.ts";
import { cellProgram } from "../../../kernel/cells/cell-program.ts";
import { Dependencies } from "../../../kernel/cells/dependencies.ts";

/** What the last of several cells reads and writes; `values` are what the variables hold by then. */
function last(values: Readonly<Record<string, unknown>>, ...cells: readonly string[]) {
  const bindings = new Bindings();
  for (const [name, value] of Object.entries(values)) bindings.get(name).d(value);
  const dependencies = new Dependencies(bindings);
  let found = { reads: [] as readonly string[], writes: [] as readonly string[] };
  for (const source of cells) {
    const program = cellProgram(source, (name) => bindings.has(name));
    found = dependencies.of(program);
    dependencies.enter(program);
  }
  return { reads: [...found.reads].sort(), writes: [...found.writes].sort() };
}

test("globals and their methods are no variables, a name that nobody knows may become one", () => {
  assert.deepEqual(last({}, "console.log(Math.max(1, later), process.cwd())"), { reads: ["later"], writes: [] });
});

test("methods and members change an object, but not a number or a text", () => {
  const values = { list: [], text: "a", count: 1, options: {} };
  const cell = "list.push(1); text.toUpperCase(); count.toFixed(); options.deep.size = 2; delete options.x";
  assert.deepEqual(last(values, cell), { reads: ["count", "list", "options", "text"], writes: ["list", "options"] });
});

test("a pattern without a declaration writes its names, in braces, in brackets and with defaults", () => {
  const values = { a: 0, b: 0, c: 0, d: 0, from: {} };
  for (const carefully of ["", "enum E {}\n"]) {
    const found = last(values, `${carefully}({ a, b: [b], ...c } = from); const set = () => ({ d } = from); set()`);
    assert.deepEqual(
      found.writes.filter((name) => name.length === 1 && name !== "E"),
      ["a", "b", "c", "d"],
    );
  }
  assert.deepEqual(last(values, "({ a = b } = from)"), { reads: ["a", "b", "from"], writes: ["a"] });
});

test("calling a function does what the function does, also through others", () => {
  const values = { n: 0, log: [], step: () => {}, twice: () => {} };
  const cells = ["function step() { n++; log.push(n) }", "const twice = () => { step(); step() }", "twice()"];
  assert.deepEqual(last(values, ...cells), { reads: ["log", "n", "twice"], writes: ["log", "n"] });
});

test("a function that only computes changes nothing", () => {
  const values = { square: () => {}, x: {} };
  assert.deepEqual(last(values, "function square(v: number) { return v * v }", "square(3)"), {
    reads: ["square"],
    writes: [],
  });
});

test("what a call gave may keep a state, and an object that is passed may be changed", () => {
  const values = { make: () => {}, next: () => {}, data: {}, total: 3 };
  const cells = ["function make() { let i = 0; return () => i++ }", "const next = make()", "next(data, total)"];
  assert.deepEqual(last(values, ...cells), { reads: ["data", "next", "total"], writes: ["data", "next"] });
});

test("packages are not changed by their use", () => {
  const bindings = new Bindings();
  bindings.get("lib").follow(
    () => ({}),
    () => ({ value: {} }),
  );
  const program = cellProgram("lib.run(); lib.go(item)", () => true);
  assert.deepEqual(new Dependencies(bindings).of(program), { reads: ["lib", "item"], writes: [], later: [] });
});

test("what functions use later is told on its own, and evaluated text makes a cell opaque", () => {
  const bindings = new Bindings();
  const of = (source: string) => new Dependencies(bindings).of(cellProgram(source, () => false));
  assert.deepEqual(of("const f = () => k; class A { m() { log.push(n) } }; now").later.toSorted(), ["k", "log", "n"]);
  assert.equal(of("eval('x')").opaque, true);
  assert.equal(of("x").opaque, undefined);
});
