import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assay, readJson, writeNotebook } from "../../support/notebook.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const cells = [
  { source: "const steps = 2;", tags: ["parameters"] },
  "const other = console.log('not this');",
  "const doubled = steps * 2;",
  { source: "console.log('result', doubled);", tags: ["result"] },
  "console.log('nor this');",
];

test("--only runs a cell with just what it needs, and leaves the others as they were", {
  timeout: 120_000,
}, async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  const path = writeNotebook(folder, cells);
  const file = JSON.parse(readFileSync(path, "utf8")) as { cells: { outputs: unknown[]; execution_count: number }[] };
  const old = [{ output_type: "stream", name: "stdout", text: ["from before\n"] }];
  for (const cell of file.cells) Object.assign(cell, { outputs: old, execution_count: 7 });
  writeFileSync(path, JSON.stringify(file));
  const out = join(folder, "out.ipynb");
  for (const only of ["4", "cell-4", "result"]) {
    const args = ["--only", only, "--param", "steps=5", "-o", out, "--store", store, "--json", "--no-check"];
    const { code, stdout, stderr } = await assay(["run", path, ...args]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /cell 4 needs 1, 3/);
    const results = JSON.parse(stdout) as { status: string; executionId: string }[];
    assert.deepEqual(
      results.map(({ status }) => status),
      ["ok", "skipped", "ok", "ok", "skipped"],
    );
    const executed = readJson(out).cells.filter(({ id }) => id.startsWith("cell-"));
    assert.deepEqual(
      executed.map((cell) => [cell.execution_count, JSON.stringify(cell.outputs).includes("from before")]),
      [
        [1, false],
        [7, true],
        [2, false],
        [3, false],
        [7, true],
      ],
    );
    assert.match(JSON.stringify(executed[3]?.outputs), /result 10/);
    const shown = await assay(["records", "show", results[3]?.executionId ?? "", "--store", store]);
    assert.match(shown.stdout, /Order\n {2}in order\n {2}not run above: 2/);
  }
});

test("a cell that is not there is named with what there is", { timeout: 120_000 }, async (t) => {
  const path = writeNotebook(temporaryFolder(t), cells);
  for (const [only, said] of [
    ["9", /--only 9: there is no such cell\. The notebook has 5 code cells/],
    ["nothing", /no cell has this id or tag\. Name the cell by its number, or by a tag: parameters, result/],
  ] as const) {
    const { code, stderr } = await assay(["run", path, "--only", only]);
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
});
