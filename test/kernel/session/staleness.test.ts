import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { CellSource, SessionEvent } from "../../../kernel/protocol/messages.ts";
import type { StaleEvent, StalenessMode } from "../../../kernel/protocol/staleness.ts";
import { openArtifacts } from "../../../kernel/store/artifacts.ts";
import { openForReading } from "../../../kernel/store/database.ts";
import { readExecution } from "../../../kernel/store/record-reader.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** A notebook of some cells in a session, the n-th called by its number. */
async function notebook(t: TestContext, sources: readonly string[], staleness?: StalenessMode) {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  const events: SessionEvent[] = [];
  const kernel = await startKernel(
    { path: join(folder, "notebook.ipynb"), store, ...(staleness ? { staleness } : {}) },
    (event) => {
      events.push(event);
    },
  );
  t.after(() => kernel[Symbol.asyncDispose]());
  const cells = sources.map((source, at): CellSource => ({ id: `${at + 1}`, index: at + 1, source }));
  await kernel.request("notebook/cells", { cells });
  const stale = () => events.filter((event) => event.type === "stale") as StaleEvent[];
  return {
    folder,
    kernel,
    cells,
    events: stale,
    last: () => stale().at(-1) ?? { type: "stale", cells: [], edited: [], run: [] },
    /** Stale cells, in the order of the notebook. */
    marks: () => (stale().at(-1)?.cells ?? []).map(({ cellId }) => cellId),
    edit: (id: number, source: string) => {
      cells[id - 1] = { ...cells[id - 1]!, source };
      return kernel.request("notebook/cells", { cells });
    },
    async run(id: number, automatic = false) {
      return kernel.request<{ status: string; executionId: string }>("execute", { cell: cells[id - 1], automatic });
    },
    record(executionId: string) {
      const database = openForReading(store)!;
      try {
        return readExecution(database, openArtifacts(store), executionId);
      } finally {
        database.close();
      }
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 20));
}

const chain = ["const a = 1;", "const b = a + 1;", "console.log(b);", "const other = 1;"];

test("cells downstream of one that ran again are marked until they run", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, chain);
  for (const id of [1, 2, 3, 4]) await book.run(id);
  assert.deepEqual(book.events(), [], "a run from top to bottom leaves nothing to tell");
  await book.run(1);
  assert.deepEqual(book.last(), {
    type: "stale",
    cells: ["2", "3"].map((cellId) => ({ cellId, causes: [{ kind: "cell", cellId: "1", names: ["a"] }] })),
    edited: [],
    run: [],
  });
  await book.run(2);
  assert.deepEqual(book.marks(), ["3"]);
  await book.run(3);
  assert.deepEqual(book.marks(), []);
  await book.run(1);
  await book.kernel.restart();
  assert.deepEqual(book.marks(), [], "a new process has run nothing");
});

test("an edit marks what follows from it; the mode off marks nothing", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, chain);
  for (const id of [1, 2, 3]) await book.run(id);
  await book.edit(1, "const a = 5;");
  assert.deepEqual(book.last().edited, ["1"]);
  assert.deepEqual(book.last().cells[0], { cellId: "2", causes: [{ kind: "edited", cellId: "1", names: ["a"] }] });
  await book.kernel.request("notebook/staleness", { mode: "off" });
  assert.deepEqual(book.last(), { type: "stale", cells: [], edited: [], run: [] });
  await book.kernel.request("notebook/staleness", { mode: "mark" });
  assert.deepEqual(book.marks(), ["2", "3"]);
});

test("a cell that cannot be compiled did not run", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, chain);
  for (const id of [1, 2, 3]) await book.run(id);
  await book.edit(1, "const a = ;");
  assert.equal((await book.run(1)).status, "error");
  assert.deepEqual(book.last().edited, ["1"]);
  assert.deepEqual(
    book.last().cells.map(({ causes }) => causes[0]?.kind),
    ["edited", "edited"],
  );
});

test("the mode run lists what is to run, in order, once, and stops at an error", { timeout: 60_000 }, async (t) => {
  const book = await notebook(
    t,
    ["let a = 1;", "const b = a; if (a === 3) throw new Error('no')", "b", "const c = 2"],
    "run",
  );
  for (const id of [1, 2, 3, 4]) await book.run(id);
  await book.run(1);
  assert.deepEqual(book.last().run, ["2", "3"]);
  await book.run(2, true);
  assert.deepEqual(book.last().run, []);
  assert.deepEqual(book.marks(), ["3"]);
  await book.run(3, true);
  assert.deepEqual([book.marks(), book.last().run], [[], []]);
  await book.edit(1, "let a = 3;");
  assert.deepEqual(book.last().run, [], "an edit alone runs nothing");
  await book.run(1);
  assert.deepEqual(book.last().run, ["2", "3"]);
  assert.equal((await book.run(2, true)).status, "error");
  assert.deepEqual([book.marks(), book.last().run], [["3"], []]);
});

test("cells that depend on each other do not run for ever", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, ["var x = (globalThis as any).seed ?? typeof y", "var y = typeof x"], "run");
  for (const id of [1, 2, 1]) await book.run(id);
  let runs = 0;
  for (let next = book.last().run; next.length > 0 && runs < 20; next = book.last().run)
    for (const id of next) {
      await book.run(Number(id), true);
      runs++;
    }
  assert.ok(runs <= 2, `${runs} runs`);
});

test("a local module that changes on disk marks the cells that imported it", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, ['import { size } from "./size.ts"', "const twice = size * 2", "const other = 1"]);
  const path = join(book.folder, "size.ts");
  writeFileSync(path, "export const size = 1");
  for (const id of [1, 2, 3]) await book.run(id);
  assert.deepEqual(book.marks(), []);
  writeFileSync(path, "export const size = 22");
  await until(() => book.marks().length > 0);
  assert.deepEqual(
    book.last().cells.map(({ cellId, causes }) => [cellId, causes]),
    [
      ["1", [{ kind: "module", path }]],
      ["2", [{ kind: "module", path }]],
    ],
  );
  await book.run(1);
  await book.run(2);
  assert.deepEqual(book.marks(), []);
  writeFileSync(path, "export const size = 333");
  await until(() => book.marks().length > 0);
  writeFileSync(path, "export const size = 22");
  await until(() => book.marks().length === 0);
});

test("records say how an execution stands to the order of the notebook", { timeout: 60_000 }, async (t) => {
  const book = await notebook(t, ["var x = 1", "const y = x", "x = 7; y", "const z = eval('1')"]);
  const first = await book.run(1);
  const third = await book.run(3);
  const second = await book.run(2);
  const fourth = await book.run(4);
  assert.equal(book.record(first.executionId).order?.state, "in order");
  const skipping = book.record(third.executionId).order!;
  assert.deepEqual([skipping.state, skipping.notRun], ["in order", [{ cellId: "2", cellIndex: 2 }]]);
  assert.deepEqual(book.record(second.executionId).order, {
    state: "out of order",
    ranBefore: [{ cellId: "3", cellIndex: 3, executionId: third.executionId, names: ["x"] }],
    ranBeforeTotal: 1,
    notRun: [],
    notRunTotal: 0,
    upstream: [],
  });
  const after = book.record(fourth.executionId).order!;
  assert.deepEqual([after.state, after.upstream], ["in order", [second.executionId]]);
});

test("without the cells of the notebook nothing is said of its order", { timeout: 60_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  const kernel = await startKernel({ path: join(folder, "notebook.ipynb"), store });
  t.after(() => kernel[Symbol.asyncDispose]());
  const { executionId } = await kernel.execute({ id: "a", index: 1, source: "1" });
  const database = openForReading(store)!;
  assert.equal(readExecution(database, openArtifacts(store), executionId).order, null);
  database.close();
});
