import assert from "node:assert/strict";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { test } from "node:test";
import type { Worker } from "node:worker_threads";
import { createLanguageService, languageMethods } from "../../../kernel/language/index.ts";
import { temporaryFolder } from "../../support/temporary.ts";

test("the service answers from its own thread, in order of urgency, until it is disposed", async (t) => {
  const folder = temporaryFolder(t);
  const service = createLanguageService({ folder });
  t.after(() => service.dispose());
  await service.updateCells([
    { id: "a", source: "const server = { port: 80 };" },
    { id: "b", source: "server." },
  ]);
  const order: string[] = [];
  const [diagnostics, completions] = await Promise.all([
    service.diagnostics("b").finally(() => order.push("diagnostics")),
    service.completions("b", 7).finally(() => order.push("completions")),
  ]);
  assert.deepEqual(order, ["completions", "diagnostics"]);
  assert.deepEqual(
    completions.items.map((one) => one.name),
    ["port"],
  );
  assert.equal(diagnostics[0]?.code, 1003);

  await service.updateCells([{ id: "b", source: "const alone = 1;\nalone" }]);
  assert.equal((await service.hover("b", 18))?.declaration, "const alone: 1");
  const cut = service.completions("b", 0);
  const failed = assert.rejects(cut, /disposed/);
  await service.dispose();
  await failed;
  await assert.rejects(service.diagnostics("b"), /disposed/);
});

test("a thread that was idle ends, and another starts with the same cells", async (t) => {
  const threads: Worker[] = [];
  const started = (thread: Worker) => threads.push(thread);
  process.on("worker", started);
  t.after(() => process.off("worker", started));
  const { handlers, dispose } = languageMethods(() => ({ folder: tmpdir(), idle: 20 }));
  t.after(dispose);
  const ask = (name: string, params: object) =>
    (handlers[`language/${name}`] as (params: object) => Promise<unknown>)(params);
  assert.equal(await ask("updateCells", { cells: [{ id: "a", source: "const x: number = 'no';" }] }), null);
  for (const round of [1, 2]) {
    const found = (await ask("diagnostics", { cellId: "a" })) as { code: number }[];
    assert.deepEqual(
      found.map((one) => one.code),
      [2322],
      `round ${round}`,
    );
    assert.equal(threads.length, round);
    if (threads.at(-1)?.threadId !== -1) await once(threads.at(-1)!, "exit");
  }
});

test("a cell that was checked at once is checked anew when it changed", async (t) => {
  const service = createLanguageService({ folder: tmpdir() });
  t.after(() => service.dispose());
  const codes = async () => (await service.diagnostics("b")).map((one) => one.code);
  const first = { id: "a", source: "const answers = { first: 1 };" };
  await service.updateCells([first, { id: "b", source: "answers." }]);
  // With the thread at rest, the question about "b" does not wait for its turn.
  await service.diagnostics("a");
  assert.deepEqual(await codes(), [1003]);
  await service.updateCells([first, { id: "b", source: "answers.first;" }]);
  assert.deepEqual(await codes(), []);
});
