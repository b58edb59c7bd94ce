import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** Collects all garbage of the cell process, as when memory gets short. */
const collect = `require("node:v8").setFlagsFromString("--expose-gc");
for (let n = 0; n < 3; n++) {
  require("node:vm").runInNewContext("gc")({ type: "major", execution: "sync", flavor: "last-resort" });
  await new Promise((done) => setTimeout(done, 10));
}`;

test("after hundreds of executions, late output finds its cell and functions of an edited cell name their lines", async (t) => {
  const events: SessionEvent[] = [];
  await using kernel = await startKernel({ path: join(temporaryFolder(t), "old.ipynb") }, (event) =>
    events.push(event),
  );
  const old = `let go: () => void = () => {};
const held = new Promise<void>((done) => { go = done });
void held.then(() => console.log("a late word"));
function fail(): never {
  throw new Error("from an old cell");
}`;
  const first = await kernel.execute({ id: "old", index: 1, source: old });
  await kernel.execute({ id: "old", index: 1, source: "1" });
  for (let n = 0; n < 300; n++) await kernel.execute({ id: "other", index: 2, source: `${n} + 1` });
  await kernel.execute({ id: "collect", index: 3, source: collect });

  await kernel.execute({ id: "other", index: 2, source: "go(); await held;" });
  const word = events.find(
    (one) => one.type === "output" && one.output.type === "stream" && one.output.text === "a late word\n",
  );
  assert.ok(word?.type === "output");
  assert.deepEqual([word.cellId, word.executionId, word.late], ["old", first.executionId, true]);

  await kernel.execute({ id: "other", index: 2, source: "fail()" });
  const last = events.findLast((one) => one.type === "output");
  assert.ok(last?.output.type === "error");
  assert.match(last.output.traceback.join("\n"), /at fail \(cell #1:5:9\)/);
});
