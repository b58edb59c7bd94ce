import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCell } from "../../../kernel/cells/cell-syntax.ts";
import { openNotebookService } from "../../../kernel/language/notebook-service.ts";

/** Cells with a fault, and the code of the error of syntax that the editor marks first. */
const faulty = {
  "const n = <b>{1}</i>;": 17002,
  "const y = (\n  <div>\n    <p>x</p>\n  </dib>\n);": 17002,
  "const z = <b>text;\nconst after = <i/>;": 17008,
  "const z = <b title=>x</b>;": 1003,
  "const c = <b>{a b}</b>": 1005,
} as const;

test("a fault in JSX is said of the JSX, in the words and at the place that the editor marks", () => {
  const service = openNotebookService({ folder: import.meta.dirname });
  for (const [source, code] of Object.entries(faulty)) {
    service.updateCells([{ id: "a", source }]);
    const marked = service.diagnostics("a").find(({ syntax }) => syntax);
    assert.equal(marked?.code, code, source);
    const { line, column } = marked!.range.start;
    assert.throws(() => parseCell(source), {
      name: "SyntaxError",
      message: marked!.message,
      position: { line: line + 1, column: column + 1 },
    });
  }
  service.dispose();
});

test("a fault in what is no JSX is said of TypeScript", () => {
  assert.throws(() => parseCell("const bad = {;\nconst half = 1 / 2 < 3 / 4;"), /Unexpected token `;`/);
});
