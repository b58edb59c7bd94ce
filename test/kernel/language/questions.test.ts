import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { testNotebook } from "../../support/language-notebook.ts";

const sdk = fileURLToPath(new URL("../../../kernel/sdk/index.ts", import.meta.url));
const notebook = testNotebook({}, sdk);
const { service } = notebook;

test('the members of an import from "assay" are offered in a later cell, and in the same', () => {
  notebook.cells(
    'import { data, train } from "assay";\ntrain.|>',
    "const items = data.|>",
    'import { |> } from "assay"',
    "display.|>",
  );
  assert.deepEqual(notebook.completions(1), ["lora"]);
  assert.ok(notebook.completions(2).includes("collect"));
  assert.equal(service.completions("2", notebook.mark(2)).members, true);
  assert.ok(["data", "generate", "metrics", "models"].every((name) => notebook.completions(3).includes(name)));
  assert.ok(notebook.completions(4).includes("images"), "the global display is typed");
});

test("completion offers names of all cells with their kinds, and no names of the machinery", () => {
  notebook.cells(
    "const server = 1; function serve() {} class Server {} interface Served {}",
    "ser|>",
    "let later = 1;",
  );
  const { items, members } = service.completions("2", notebook.mark(2));
  assert.equal(members, false);
  const kinds = Object.fromEntries(items.map((one) => [one.name, one.kind]));
  assert.equal(kinds.server, "constant");
  assert.equal(kinds.serve, "function");
  assert.equal(kinds.Server, "class");
  assert.equal(kinds.later, "variable");
  assert.equal(kinds.display, "constant");
  assert.equal(kinds.const, "keyword");
  assert.ok(!items.some((one) => one.name.includes("assay-")));
  notebook.cells("interface Served {}", "let s: Ser|>");
  assert.ok(notebook.completions(2).includes("Served"));
});

test("details, hover and signature help show declarations and documentation", () => {
  const text =
    "/**\n * Adds.\n * @param a first number\n * @example\n * add(1, 2)\n */\nfunction add(a: number, b = 1): number { return a + b }";
  notebook.cells(text, "ad|>", "|>add(1)", "add(1, |>");
  const details = service.completionDetails("2", notebook.mark(2), "add");
  assert.equal(details?.declaration, "function add(a: number, b?: number): number");
  assert.match(details.documentation, /^Adds\.[\s\S]*\*@param\* `a` first number[\s\S]*```ts\nadd\(1, 2\)\n```$/);
  const hover = service.hover("3", notebook.mark(3));
  assert.equal(hover?.declaration, details.declaration);
  assert.deepEqual([hover?.range.start.offset, hover?.range.end.offset], [0, 3]);
  const help = service.signatureHelp("4", notebook.mark(4));
  assert.equal(help?.activeParameter, 1);
  assert.equal(help?.signatures[0]?.label, "add(a: number, b?: number): number");
  assert.equal(help?.signatures[0]?.parameters[0]?.documentation, "first number");
  assert.match(help?.signatures[0]?.documentation ?? "", /^Adds/);
});

test("documentation of Node and of the language is there when somebody looks", () => {
  notebook.cells(
    'import { readFileSync } from "node:fs";',
    "|>readFileSync('x')",
    "[1].|>map((x) => x)",
    "parseInt(|>",
  );
  assert.match(service.hover("2", notebook.mark(2))?.documentation ?? "", /Returns the contents of the `path`/);
  assert.match(service.hover("3", notebook.mark(3))?.documentation ?? "", /defined callback function/);
  assert.match(service.completionDetails("3", notebook.mark(3), "filter")?.documentation ?? "", /meet the condition/);
  assert.match(
    service.signatureHelp("4", notebook.mark(4))?.signatures[0]?.documentation ?? "",
    /Converts a string to an integer/,
  );
});

test("a definition is found in another cell, in a package, and through an assignment", () => {
  notebook.cells('let total = 0;\nimport { join } from "node:path";', "|>total = 5;", "|>join('a', 'b')", "total|>");
  const inCell = [
    { cellId: "1", range: { start: { offset: 4, line: 0, column: 4 }, end: { offset: 9, line: 0, column: 9 } } },
  ];
  assert.deepEqual(service.definition("2", notebook.mark(2)), inCell);
  assert.deepEqual(service.definition("4", notebook.mark(4) - 1), inCell);
  const [join] = service.definition("3", notebook.mark(3));
  assert.ok(join && "file" in join && join.file.endsWith("@types/node/path.d.ts"), JSON.stringify(join));
});

test("references are found in all cells, read or assigned", () => {
  notebook.cells("let total = 0;", "total = total + 1;", "const total2 = () => tot|>al;", "{ let total = 1; total; }");
  const found = service
    .references("3", notebook.mark(3))
    .map((one) => ("cellId" in one ? `${one.cellId}:${one.range.start.offset}` : one.file));
  assert.deepEqual(found.sort(), ["1:4", "2:0", "2:8", "3:21"]);
});
