import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { startKernel } from "../support/kernel.ts";
import { type Case, caseFiles, judge, judgeCell, type Observation, readCases } from "./judge.ts";
import { fromOutputs } from "./observation.ts";
import { makeWorkspace, writeFiles } from "./workspace.ts";

/** Cases that a run from top to bottom cannot show: they interrupt, or wait for what comes late. */
for (const name of caseFiles) {
  const { cases, fixtures } = readCases(name);
  const timed = cases.filter(({ cells }) =>
    cells.some((cell) => cell.interrupt_after_s !== undefined || cell.wait_after_s !== undefined),
  );
  const workspace = makeWorkspace(fixtures);
  after(() => workspace[Symbol.dispose]());
  describe(`cells in a session, ${name}`, { concurrency: 2 }, () => {
    for (const one of timed)
      test(`${one.id}: ${one.why}`, async () => {
        assert.deepEqual(judge(one, await observe(one, workspace.folder)), []);
      });
  });
}

/** Cases with files of their own, each in its own folder. */
const projects = readCases("project-cells.json");
describe("cells in projects", { concurrency: 2 }, () => {
  for (const one of projects.cases)
    test(`${one.id}: ${one.why}`, async () => {
      using workspace = makeWorkspace({ ...projects.fixtures, ...one.files });
      assert.deepEqual(judge(one, await observe(one, workspace.folder)), []);
    });
});

/** Seconds after which late output is missing, on a machine however busy. */
const patience = 30;

/** Runs a case in a session process of its own. */
async function observe({ id, cells }: Case, folder: string): Promise<Observation[]> {
  const outputs = new Map<string, Output[]>();
  await using kernel = await startKernel(
    { path: join(folder, `${id}.ipynb`), store: join(folder, "store", id) },
    (event) => {
      if (event.type === "output") outputs.get(event.cellId)?.push(event.output);
    },
  );
  const seen: Observation[] = [];
  for (const [at, cell] of cells.entries()) {
    const { code, write, interrupt_after_s, wait_after_s } = cell;
    if (write) writeFiles(folder, write);
    const cellId = `cell-${at + 1}`;
    outputs.set(cellId, []);
    const running = kernel.execute({ id: cellId, index: at + 1, source: code });
    if (interrupt_after_s !== undefined) {
      await pause(interrupt_after_s);
      await kernel.interrupt();
    }
    const { status } = await running;
    const now = () => ({ ...fromOutputs(outputs.get(cellId) ?? []), status, interrupted: status === "interrupted" });
    if (wait_after_s !== undefined) {
      await pause(wait_after_s);
      for (let waited = 0; waited < patience && judgeCell(cell, now()).length > 0; waited += 0.1) await pause(0.1);
    }
    seen.push(now());
  }
  return seen;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
