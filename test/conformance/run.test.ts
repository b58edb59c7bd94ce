import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { assay, readJson, writeNotebook } from "../support/notebook.ts";
import { type Case, caseFiles, judge, type Observation, readCases } from "./judge.ts";
import { fromNotebook } from "./observation.ts";
import { makeWorkspace } from "./workspace.ts";

/** Every case that needs neither an interrupt nor a wait, through `assay run`: one notebook and one process each. */
for (const name of caseFiles) {
  const { cases, fixtures } = readCases(name);
  const plain = cases.filter(({ cells }) =>
    cells.every((cell) => cell.interrupt_after_s === undefined && cell.wait_after_s === undefined),
  );
  const workspace = makeWorkspace(fixtures);
  after(() => workspace[Symbol.dispose]());
  describe(`cells through assay run, ${name}`, { concurrency: 2 }, () => {
    for (const one of plain)
      test(`${one.id}: ${one.why}`, async () => {
        assert.deepEqual(judge(one, await observe(one, workspace)), []);
      });
  });
}

async function observe(
  { id, cells, category }: Case,
  { folder, link }: ReturnType<typeof makeWorkspace>,
): Promise<Observation[]> {
  const own = join(folder, id);
  mkdirSync(own);
  link(own);
  const path = writeNotebook(
    own,
    cells.map(({ code }) => code),
  );
  const out = join(own, "out.ipynb");
  // Checking types takes longer than most cases; those that are about types show that it changes nothing else.
  const types = category === "typecheck" || category === "typescript" ? [] : ["--no-check"];
  const { stdout } = await assay(["run", path, "-o", out, "--allow-errors", "--json", "--timeout", "60", ...types], {
    cwd: folder,
  });
  const results = JSON.parse(stdout) as { status: string }[];
  return readJson(out).cells.map((cell, at) => {
    const status = results[at]?.status ?? null;
    return { ...fromNotebook(cell.outputs ?? []), status: status === "skipped" ? "ok" : status };
  });
}
