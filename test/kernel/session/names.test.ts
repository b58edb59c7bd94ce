import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openForReading } from "../../../kernel/store/database.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** A kernel, and what the store says of the names that the latest execution of a cell uses. */
async function bench(t: TestContext, env: { readonly TMPDIR?: string } = {}) {
  const store = join(temporaryFolder(t), "store");
  const kernel = await startKernel({ path: join(store, "..", "study.ipynb"), store }, () => {}, { ...env });
  t.after(() => kernel[Symbol.asyncDispose]());
  const execute = (index: number, source: string) => kernel.execute({ id: `cell-${index}`, index, source });
  const names = (index: number) => {
    const database = openForReading(store);
    try {
      const row = database
        ?.prepare<[string], { names: string | null }>("SELECT names FROM executions WHERE cell_id = ? ORDER BY id DESC")
        .get(`cell-${index}`);
      const found = JSON.parse(row?.names ?? "null") as { reads: string[]; writes: string[] } | null;
      return found && { reads: found.reads.sort(), writes: found.writes.sort() };
    } finally {
      database?.close();
    }
  };
  return { kernel, execute, names };
}

async function until<T>(read: () => T | null, seconds = 10): Promise<T | null> {
  for (let left = seconds * 50; left > 0; left--) {
    const value = read();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

test("records know the names of cells, also when there is no file for them and they come as frames", async (t) => {
  for (const env of [{}, { TMPDIR: join(temporaryFolder(t), "not", "there") }]) {
    const { execute, names } = await bench(t, env);
    await execute(1, "let a = 1");
    await execute(2, "const b = a + 1; a = 5");
    await execute(3, "this is no cell");
    await execute(4, `const many = [${Array.from({ length: 5000 }, (_, at) => `name_${at}`)}]`);
    assert.deepEqual(await until(() => names(1)), { reads: [], writes: ["a"] });
    assert.deepEqual(await until(() => names(2)), { reads: ["a"], writes: ["a", "b"] });
    assert.equal(names(3), null);
    assert.equal((await until(() => names(4)))?.reads.length, 5000);
  }
});

test("a record has the names of a cell that was stopped, and of one that took the process down", async (t) => {
  const { kernel, execute, names } = await bench(t);
  const endless = execute(1, "const x = 1; while (true) {}");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await kernel.interrupt();
  await endless;
  assert.deepEqual(await until(() => names(1)), { reads: [], writes: ["x"] });
  await execute(2, "const y = x; process.abort()");
  assert.deepEqual(await until(() => names(2)), { reads: ["x"], writes: ["y"] });
});

test("a cell that writes over its names, or closes their file, harms only its own record", async (t) => {
  const { execute, names } = await bench(t);
  await execute(1, `require("node:fs").writeSync(5, "[".repeat(100), 0)`);
  await execute(2, "let z = 2");
  assert.deepEqual(await until(() => names(2)), { reads: [], writes: ["z"] });
  await execute(3, `require("node:fs").closeSync(5)`);
  await execute(4, "let w = z");
  assert.deepEqual(await until(() => names(4)), { reads: ["z"], writes: ["w"] });
});
