import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { progressOutput } from "../../../kernel/protocol/outputs.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const mime = "application/vnd.assay.progress.v1+json";

/** The last state of each bar that a cell showed, by its label, with its parts. */
function barsOf(events: readonly SessionEvent[]): Record<string, string[]> {
  const last = new Map<string, string[]>();
  for (const event of events) {
    if (event.type !== "output" || event.output.type !== "display" || !(mime in event.output.data)) continue;
    const bar = progressOutput.parse(event.output.data[mime]);
    last.set(bar.label, [bar.state, ...(bar.parts ?? []).map(({ state }) => state)]);
  }
  return Object.fromEntries(last);
}

test("bars of a cell that is stopped stop with it; those of a cell that ended well may go on", async (t) => {
  const events: SessionEvent[] = [];
  await using kernel = await startKernel({ path: join(temporaryFolder(t), "a.ipynb") }, (event) => events.push(event));
  const bars = `import { display } from "assay";
const done = display.progress({ label: "done", total: 2 }); done.finish();
const open = display.progress({ label: "open", total: 10 }); open.advance();
const part = open.part({ label: "part" }); part.advance(); open.part({ label: "other part" }).finish();`;
  const run = (source: string) => kernel.execute({ id: "a", index: 1, source });
  const ended = async (source: string) => {
    events.length = 0;
    const { status } = await run(source);
    return [status, barsOf(events)];
  };
  assert.deepEqual(await ended(bars), ["ok", { done: ["done"], open: ["running", "running", "done"] }]);
  const failed = { done: ["done"], open: ["failed", "failed", "done"] };
  assert.deepEqual(await ended(`${bars} throw new Error("no")`), ["error", failed]);
  assert.deepEqual(await ended(`${bars} process.exit(3)`), ["crashed", failed]);
  events.length = 0;
  const reply = run(`${bars} await new Promise(() => setInterval(() => {}, 1000));`);
  while (barsOf(events).open?.length !== 3) await new Promise((next) => setTimeout(next, 20));
  await kernel.interrupt();
  assert.equal((await reply).status, "interrupted");
  assert.deepEqual(barsOf(events), { done: ["done"], open: ["interrupted", "interrupted", "done"] });
});
