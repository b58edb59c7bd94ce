import assert from "node:assert/strict";
import { test } from "node:test";
import { caseFiles, readCases } from "../../conformance/judge.ts";
import { testNotebook } from "../../support/language-notebook.ts";

const suites = caseFiles.map(readCases);
const cases = suites.flatMap((suite) => suite.cases);

const notebook = testNotebook({
  ...suites[0]?.fixtures,
  ...suites[1]?.fixtures,
  "node_modules/ms/package.json": '{ "name": "ms", "main": "./index.js", "types": "./index.d.ts" }',
  "node_modules/ms/index.js": "module.exports = (text) => 0;",
  "node_modules/ms/index.d.ts": "declare function ms(text: string): number;\nexport = ms;",
  "node_modules/yocto-queue/package.json":
    '{ "name": "yocto-queue", "type": "module", "exports": "./index.js", "types": "./index.d.ts" }',
  "node_modules/yocto-queue/index.js": "export default class Queue {}",
  "node_modules/yocto-queue/index.d.ts":
    "export default class Queue<T> { get size(): number; enqueue(value: T): void; dequeue(): T | undefined }",
});

for (const { id, cells } of cases) {
  test(`no false errors, and the true ones: ${id}`, () => {
    notebook.cells(...cells.map((cell) => cell.code));
    cells.forEach(({ expect, types }, at) => {
      if (types === "any" || (!types && (expect.status ?? "ok") !== "ok")) return;
      const errors = notebook.errors(at + 1);
      if (!types) assert.deepEqual(errors, [], `cell ${at + 1} of ${id}`);
      else for (const part of types) assert.ok(errors.join().includes(part), `${part} in ${errors.join()}`);
    });
  });
}

for (const id of ["ts-type-error-reported", "ts-type-error-across-cells"]) {
  test(`a type error is reported: ${id}`, () => {
    const { cells } = cases.find((one) => one.id === id)!;
    notebook.cells(...cells.map((cell) => cell.code));
    const last = cells.at(-1)!;
    const errors = notebook.errors(cells.length);
    for (const part of last.expect.diag_has ?? [])
      assert.ok(errors.join().includes(part), `${part} in ${errors.join()}`);
  });
}

test("an assignment to an undeclared name and a syntax error are reported at their lines", () => {
  notebook.cells("undeclaredVar = 5;", "const ok1 = 1;\nconst ok2 = 2;\nconst c = = 3;");
  assert.deepEqual(notebook.errors(1), ["2304 at 1: Cannot find name 'undeclaredVar'."]);
  const [first] = notebook.service.diagnostics("2");
  assert.equal(first?.syntax, true);
  assert.equal(first?.range.start.line, 2);
});
