import assert from "node:assert/strict";
import { test } from "node:test";
import { testNotebook } from "../../support/language-notebook.ts";

/** A small stand-in for a package that renders elements, with types as such packages have them. */
const elements = {
  "node_modules/react/package.json":
    '{ "name": "react", "version": "1.0.0", "types": "index.d.ts", "main": "index.js" }',
  "node_modules/react/index.js": "exports.createElement = (type, props, ...children) => ({ type, props, children });",
  "node_modules/react/index.d.ts":
    "export function createElement(type: unknown, props: unknown, ...children: unknown[]): unknown;\nexport namespace JSX { interface Element { type: unknown } interface IntrinsicElements { b: { title?: string; children?: unknown }; i: { children?: unknown } } }",
  "node_modules/react/jsx-runtime.js":
    "exports.jsx = exports.jsxs = (type, props) => ({ type, props }); exports.Fragment = 'f';",
  "node_modules/react/jsx-runtime.d.ts":
    "import { JSX } from './index.js';\nexport { JSX };\nexport function jsx(type: unknown, props: unknown): JSX.Element;\nexport const jsxs: typeof jsx;\nexport const Fragment: unknown;",
};

test("a cell with JSX has types: of its elements, of their properties, and of what other cells declare", () => {
  const notebook = testNotebook(elements);
  notebook.cells(
    "interface Given { size: number }\nfunction Card({ size }: Given) { return <b title={String(size)}>card</b>; }",
    "const shown = <Card size={3} />;\n|>shown",
    "const wrong = <Card size='3' />;\nconst unknown = <Kard />;\nconst odd = <b titel='x'>!</b>;",
    "const size = 3;\n<b>{size.toFixed(1)} {siz}</b>",
    "const one = <number>(size as unknown);\none.toFixed(2)",
  );
  for (const cell of [1, 2, 5]) assert.deepEqual(notebook.errors(cell), [], `cell ${cell}`);
  assert.match(notebook.service.hover("2", notebook.mark(2))?.declaration ?? "", /^const shown: .*JSX\.Element$/);
  assert.deepEqual(
    notebook.errors(3).map((error) => error.slice(0, 9)),
    ["2322 at 1", "2304 at 2", "2322 at 3"],
  );
  assert.deepEqual(
    notebook.errors(4).map((error) => error.slice(0, 9)),
    ["2552 at 2"],
  );
});

test("a cell that becomes JSX while it is written, and stops being it, is read as what it is", () => {
  const notebook = testNotebook(elements);
  notebook.cells("const n = <number>(1 as unknown);");
  assert.deepEqual(notebook.errors(1), []);
  notebook.cells("const n = <b>{1}</b>;");
  assert.deepEqual(notebook.errors(1), []);
  notebook.cells("const n = <b>{1}</i>;");
  assert.match(notebook.errors(1).join(), /^17002 at 1: Expected corresponding JSX closing tag for 'b'\.$/);
  notebook.cells("const n = <number>(1 as unknown);");
  assert.deepEqual(notebook.errors(1), []);
});

test("inside of an element names and properties are completed", () => {
  const notebook = testNotebook(elements);
  notebook.cells("const label = { short: 's' };", "<b>{label.|>}</b>", "<b |>>x</b>");
  assert.deepEqual(notebook.completions(2), ["short"]);
  assert.ok(notebook.completions(3).includes("title"));
});

test("where React is a name of the notebook its createElement makes the elements, and no package is asked for", () => {
  const notebook = testNotebook();
  notebook.cells(
    "const React = { createElement: (type: unknown, props: unknown, ...children: unknown[]) => ({ type, props, children }) };",
    "const element = <p class='x'>text</p>;",
    "/** @jsx h */\nconst h = (type: string) => type;\n<p/>",
  );
  for (const cell of [1, 2, 3]) assert.deepEqual(notebook.errors(cell), [], `cell ${cell}`);
});

test("without a package and without React the missing module is named, as the kernel does", () => {
  const notebook = testNotebook();
  notebook.cells("const element = <p>text</p>;");
  assert.match(notebook.errors(1).join(), /^2875 at 1: .*'react\/jsx-runtime'/);
});
