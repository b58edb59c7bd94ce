import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { testNotebook } from "../../support/language-notebook.ts";

test('the built declaration files give the types of "assay" as its source does', () => {
  const cells = [
    'import { data, generate, train } from "assay";',
    "data.|>",
    "data.|>collect",
    "await generate.image({ prompt: 1 })",
  ];
  const [source, built] = ["kernel/sdk/index.ts", "dist/types/sdk/index.d.ts"].map((file) => {
    const notebook = testNotebook({}, fileURLToPath(new URL(`../../../${file}`, import.meta.url)));
    notebook.cells(...cells);
    const hover = notebook.service.hover("3", notebook.mark(3));
    return { members: notebook.completions(2), hover, errors: notebook.errors(4) };
  });
  assert.ok(source && built);
  assert.ok(source.members.includes("collect"));
  assert.match(source.hover?.documentation ?? "", /\w/);
  assert.match(source.errors.join(), /'number' is not assignable/);
  assert.deepEqual(built, source);
});
