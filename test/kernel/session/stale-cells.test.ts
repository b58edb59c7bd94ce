import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellSource } from "../../../kernel/protocol/cell-source.ts";
import type { FrameNames } from "../../../kernel/protocol/messages.ts";
import { CellRuns } from "../../../kernel/session/cell-runs.ts";
import { inDependencyOrder, type NotebookState, standing } from "../../../kernel/session/stale-cells.ts";

type Names = Partial<FrameNames> | "opaque";

/** A notebook whose n-th cell is called by its number; `names` say what each reads and writes. */
function notebook(...names: readonly Names[]) {
  const cells = names.map((_, at): CellSource => ({ id: `${at + 1}`, index: at + 1, source: `text ${at + 1}` }));
  const runs = new CellRuns();
  const modules = new Map<string, string>();
  let shown = cells;
  const state = (): NotebookState => ({
    cells: shown,
    runOf: (id) => runs.get(id),
    moduleNow: (path) => modules.get(path),
  });
  return {
    modules,
    run(...ids: readonly number[]) {
      for (const id of ids) {
        const one = names[id - 1]!;
        const cell = shown.find((each) => each.id === `${id}`)!;
        runs.enter(`run of ${id}`, cell, one === "opaque" ? undefined : { reads: [], writes: [], later: [], ...one });
      }
    },
    importing(id: number, path: string, sha256: string) {
      modules.set(path, sha256);
      runs.get(`${id}`)?.modules.set(path, sha256);
    },
    edit(id: number, source: string) {
      shown = shown.map((cell) => (cell.id === `${id}` ? { ...cell, source } : cell));
    },
    remove(id: number) {
      shown = shown.filter((cell) => cell.id !== `${id}`);
    },
    standing: () => standing(state()),
    /** Stale cells with their causes in short: `cell 1`, `edited 2`, `module m.ts`. */
    stale() {
      return Object.fromEntries(
        standing(state()).stale.map(({ cellId, causes }) => [
          cellId,
          causes.map((one) => (one.kind === "module" ? `module ${one.path}` : `${one.kind} ${one.cellId}`)),
        ]),
      );
    },
  };
}

const chain = [
  { writes: ["a"] },
  { reads: ["a"], writes: ["b"] },
  { reads: ["b"], writes: ["c"] },
  { reads: ["z"], writes: ["d"] },
] as const;

test("a cell that runs again makes what follows from it stale, and nothing else", () => {
  const book = notebook(...chain);
  book.run(1, 2, 3, 4);
  assert.deepEqual(book.stale(), {});
  book.run(1);
  assert.deepEqual(book.stale(), { 2: ["cell 1"], 3: ["cell 1"] });
  book.run(2);
  assert.deepEqual(book.stale(), { 3: ["cell 2"] }, "what ran is not stale, what follows still is");
  book.run(3);
  assert.deepEqual(book.stale(), {});
});

test("a cell that ran while what it reads was stale stays so", () => {
  const book = notebook(...chain);
  book.run(1, 2, 3, 1, 3);
  assert.deepEqual(book.stale(), { 2: ["cell 1"], 3: ["cell 1"] });
});

test("a writer below does not count when one above has the name", () => {
  const book = notebook({ writes: ["x"] }, { reads: ["x"] }, { writes: ["x"] });
  book.run(1, 2, 3);
  assert.deepEqual(book.stale(), {});
  book.run(3);
  assert.deepEqual(book.stale(), {});
  book.run(2, 3);
  assert.deepEqual(book.stale(), { 2: ["cell 3"] }, "unless it read that one");
});

test("a name that only a cell below writes", () => {
  const book = notebook({ reads: ["x"] }, { writes: ["x"] });
  book.run(2, 1);
  assert.deepEqual(book.stale(), {});
  book.run(2);
  assert.deepEqual(book.stale(), { 1: ["cell 2"] });
});

test("a value changed in place reaches later readers, not earlier ones", () => {
  const book = notebook(
    { writes: ["list"] },
    { reads: ["list"] },
    { reads: ["list"], writes: ["list"] },
    { reads: ["list"] },
  );
  book.run(1, 2, 3, 4, 3);
  assert.deepEqual(book.stale(), { 4: ["cell 3"] });
});

test("a function sees its free names as they are when it is called", () => {
  const book = notebook({ reads: ["k"], writes: ["f"], later: ["k"] }, { writes: ["k"] }, { reads: ["f"] });
  book.run(1, 2, 3, 2);
  assert.deepEqual(book.stale(), { 3: ["cell 2"] });
});

test("a cell that was edited and not run again makes what follows stale, until the edit is undone", () => {
  const book = notebook(...chain);
  book.run(1, 2, 3, 4);
  book.edit(1, "other text");
  assert.deepEqual(book.standing().edited, ["1"]);
  assert.deepEqual(book.stale(), { 2: ["edited 1"], 3: ["edited 1"] });
  book.edit(1, "text 1");
  assert.deepEqual(book.standing().edited, []);
  assert.deepEqual(book.stale(), {});
});

test("a cell that is gone leaves those stale that read from it", () => {
  const book = notebook(...chain);
  book.run(1, 2, 3);
  book.remove(1);
  assert.deepEqual(book.stale(), { 2: ["removed 1"], 3: ["removed 1"] });
});

test("a local module that changed", () => {
  const book = notebook(...chain);
  book.run(1, 2, 3, 4);
  book.importing(2, "/m.ts", "one");
  assert.deepEqual(book.stale(), {});
  book.modules.set("/m.ts", "two");
  assert.deepEqual(book.stale(), { 2: ["module /m.ts"], 3: ["module /m.ts"] });
});

test("a cell that cannot be analysed depends on all above, and all below on it", () => {
  const book = notebook({ writes: ["a"] }, "opaque", { reads: ["q"] }, { writes: ["z"] });
  book.run(1, 2, 3, 4, 1);
  assert.deepEqual(book.stale(), { 2: ["cell 1"], 3: ["cell 1"], 4: ["cell 1"] });
});

test("cells that depend on each other come to an end", () => {
  const book = notebook({ reads: ["y"], writes: ["x"] }, { reads: ["x"], writes: ["y"] });
  book.run(2, 1, 2, 1);
  const { stale, inputs } = book.standing();
  assert.deepEqual(
    stale.map(({ cellId }) => cellId),
    ["2"],
  );
  assert.deepEqual(inDependencyOrder(["1", "2"], inputs).toSorted(), ["1", "2"]);
});

test("cells are put behind those that they depend on", () => {
  const book = notebook({ reads: ["x"] }, { writes: ["x"] }, { reads: ["x"] });
  book.run(2, 1, 3, 2);
  const { inputs } = book.standing();
  assert.deepEqual(inDependencyOrder(["1", "2", "3"], inputs), ["2", "1", "3"]);
});

test("a cell that was never run is neither stale nor a writer", () => {
  const book = notebook({ writes: ["x"] }, { writes: ["x"] }, { reads: ["x"] });
  book.run(1, 3);
  assert.deepEqual(book.stale(), {});
});
