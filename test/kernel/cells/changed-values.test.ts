import assert from "node:assert/strict";
import { test } from "node:test";
import { Bindings } from "../../../kernel/cells/bindings.ts";
import { cellProgram } from "../../../kernel/cells/cell-program.ts";
import { Dependencies } from "../../../kernel/cells/dependencies.ts";

/** What the variables of the notebook hold: rows of objects, and an object with members. */
const values: Readonly<Record<string, unknown>> = {
  rows: [{ n: 1, tags: ["a"] }],
  options: { deep: { size: 1 }, list: [1] },
  text: "text",
  f: () => {},
  g: () => {},
  Store: class {},
};

/** Whether the last cell counts as changing `rows` and `options`. */
function changed(...cells: readonly string[]): string {
  const bindings = new Bindings();
  for (const [name, value] of Object.entries(values)) bindings.get(name).d(value);
  bindings.get("display").source = "kernel";
  const dependencies = new Dependencies(bindings);
  let writes: readonly string[] = [];
  for (const source of cells) {
    const program = cellProgram(source, (name) => bindings.has(name));
    writes = dependencies.of(program).writes;
    dependencies.enter(program);
  }
  return ["rows", "options"].filter((name) => writes.includes(name)).join(" ");
}

/** Cells, of which the last one changes what stands beside it. */
const table: readonly (readonly [changes: string, ...cells: string[]])[] = [
  // Methods of values.
  ["", "rows.map((r) => r.n)"],
  ["", "rows.filter((r) => r.n > 1).length"],
  ["", "rows.slice().sort((a, b) => a.n - b.n)"],
  ["", "[...rows].reverse()"],
  ["", "[...rows].sort().map((r) => r.n).join()"],
  ["", "rows.toSorted((a, b) => a.n - b.n)[0]"],
  ["", "rows.concat(rows).push(1)"],
  ["", "rows.reduce((sum, r) => sum + r.n, 0)"],
  ["", "for (const r of rows) console.log(r.n)"],
  ["rows", "rows.push({ n: 2 })"],
  ["rows", "rows.sort((a, b) => a.n - b.n)"],
  ["rows", "rows.reverse()"],
  ["rows", "rows.length = 0"],
  ["rows", "rows[0].n = 2"],
  ["rows", "rows[0].n++"],
  ["rows", "delete rows[0].n"],
  ["rows", "rows.filter((r) => r.n)[0].n = 2"],
  ["rows", "rows.find((r) => r.n)?.tags.push(1)"],
  ["rows", "rows.forEach((r) => { r.n = 2 })"],
  ["rows", "rows.map((r) => r.tags.push(1))"],
  ["rows", "[rows[0].n] = [2]"],
  ["options", "options.deep.size = 2"],
  ["options", "options.list.push(2)"],
  ["options", "({ a: options.deep.size } = { a: 2 })"],
  // The language's own functions.
  ["", "JSON.stringify(rows); Object.keys(options); Math.max(...rows); structuredClone(options).deep.size = 2"],
  ["", "console.log(rows, options); display(rows); Array.isArray(rows)"],
  ["", "new Map(Object.entries(options)).set('a', 1)"],
  ["", "Object.assign({}, options)"],
  ["options", "Object.assign(options, { a: 1 })"],
  ["options", "Object.defineProperty(options.deep, 'size', { value: 3 })"],
  ["options", "Reflect.set(options, 'a', 1)"],
  ["rows", "Array.prototype.push.call(rows, 1)"],
  // Functions of other cells that only read.
  ["", "function f(r) { return r.length }", "f(rows)"],
  ["", "const f = (r) => r.map((x) => x.n)", "f(rows)"],
  ["", "const f = (r) => [...r].sort((a, b) => a.n - b.n)", "f(rows)"],
  ["", "const f = (r) => { const s = r.slice(); s.sort(); s.push(1); return s }", "f(rows)"],
  ["", "function f(r) { const out = []; for (const x of r) out.push(x.n); return out }", "f(rows)"],
  ["", "const f = (r) => { const by = {}; for (const x of r) (by[x.n] ??= []).push(x); return by }", "f(rows)"],
  ["", "const f = (r) => r.reduce((all, x) => { all.push(x.n); return all }, [])", "f(rows)"],
  ["", "const f = ({ deep: { size } }) => size * 2", "f(options)"],
  ["", "const f = ({ deep = {}, ...rest }) => ({ ...rest, size: deep.size })", "f(options)"],
  ["", "const f = async (r) => { await fetch('x'); return JSON.stringify(r) }", "await f(rows)"],
  ["", "function* f(r) { for (const x of r) yield x.n }", "[...f(rows)]"],
  ["", "const f = (r, o) => { o.count = r.length }", "f(rows, {})"],
  ["", "const f = (r) => g(r); const g = (r) => r.length", "f(rows)"],
  ["", "const f = (n) => (n > 0 ? f(n - 1) : n)", "f(rows)"],
  ["", "const f = (r) => r.map(g); const g = (x) => x.n", "f(rows)"],
  ["", "const f = (r) => new Set(r).size", "f(rows)"],
  ["", "const f = (a) => a.sort()", "f([...rows])"],
  ["", "const f = (o) => { o.extra = 1 }", "f({ ...options })"],
  ["", "const f = (o) => { o.extra = 1 }", "f({ rows })"],
  ["", "const f = (a) => a.sort()", "f(rows.map((r) => r.n))"],
  ["", "class Store {}", "new Store(rows)"],
  ["", "function f(rows) { rows.push(1) }", "f([])"],
  ["", "const f = (o) => String(o.deep.size) + o.list", "f(options)"],
  // Functions of other cells that change what they are given.
  ["rows", "function f(r) { r.push(1) }", "f(rows)"],
  ["rows", "const f = (r) => { r[0] = 1 }", "f(rows)"],
  ["rows", "const f = (r) => { r[0].n++ }", "f(rows)"],
  ["rows", "const f = (r) => { for (const x of r) x.n = 1 }", "f(rows)"],
  ["rows", "const f = (r) => r.forEach((x) => { x.tags.push(1) })", "f(rows)"],
  ["rows", "const f = (r) => { const s = r; s.sort() }", "f(rows)"],
  ["rows", "const f = (r) => { const s = [...r]; s[0].n = 1 }", "f(rows)"],
  ["rows", "const f = (r) => { const [first] = r; first.n = 1 }", "f(rows)"],
  ["rows", "const f = (r) => { let s; s = r.filter(Boolean); s.at(0).n = 1 }", "f(rows)"],
  ["rows", "const f = (r) => g(r); const g = (r) => { r.length = 0 }", "f(rows)"],
  ["rows", "const f = (r) => r.forEach(g); const g = (x) => { x.n = 0 }", "f(rows)"],
  ["rows", "const f = (r, how) => how(r)", "f(rows, (r) => r.pop())"],
  ["rows", "function f() { arguments[0].push(1) }", "f(rows)"],
  ["rows", "const f = (...all) => all[1].push(1)", "f(1, rows)"],
  ["rows", "const f = (a, b) => b.push(1)", "f(...[1], rows)"],
  ["rows", "const f = ({ rows }) => rows.push(1)", "f({ rows })"],
  ["rows", "const f = (a) => a[0].sort()", "f([rows])"],
  ["rows", "const f = (r) => { delete r[0].n }", "f(rows)"],
  ["rows", "const f = (r) => { Object.assign(r[0], { n: 2 }) }", "f(rows)"],
  ["rows", "const f = (r) => { const change = () => r.pop(); change() }", "f(rows)"],
  ["rows", "const f = (r) => { function inner(x) { x.pop() } inner(r) }", "f(rows)"],
  ["options", "const f = (list) => list.push(1)", "f(options.list)"],
  ["options", "const f = ({ deep }) => { deep.size = 2 }", "f(options)"],
  ["options", "const f = (o) => { o.deep.size ??= 1 }", "f(options)"],
  ["options", "const f = (o) => { ({ a: o.deep.size } = { a: 3 }) }", "f(options)"],
  ["options", "class Store { constructor(o) { this.o = o } set() { this.o.a = 1 } }", "new Store(options)"],
  ["options", "let f = (o) => o", "f = (o) => { o.a = 1 }", "f(options)"],
  // What is not known.
  ["rows", "f(rows)"],
  ["rows", "const f = make()", "f(rows)"],
  ["rows", "const f = (r) => unknown(r)", "f(rows)"],
  // Functions that hand on what they do not get.
  ["rows", "const g = (r) => r.pop(); function f() { g(rows) }", "f()"],
  ["", "const g = (r) => r.at(-1); function f() { return g(rows) }", "f()"],
  ["rows", "function f() { rows.push(1) }", "f()"],
];

for (const [changes, ...cells] of table)
  test(`${cells.join(" ⏎ ")} changes ${changes || "nothing"}`, () => assert.equal(changed(...cells), changes));
