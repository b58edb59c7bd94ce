// Records executions as fast as it can until it is killed: node recording-process.ts <store folder>. Prints the id of each seal.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { openRecorder } from "../../kernel/session/recorder.ts";
import { uuidv7 } from "../../kernel/store/ids.ts";

const storeFolder = process.argv[2] ?? "";
const recorder = openRecorder({
  storeFolder,
  notebook: { id: "killed", path: join(storeFolder, "..", "killed.ipynb") },
  sessionId: uuidv7(),
  snapshot: false,
});
for (let n = 1; ; n++) {
  const source = `step(${n});\n`.repeat(20);
  const cell = { id: `cell-${n % 5}`, index: n % 5, source };
  const id = recorder.begin({ cell, epoch: 1, executionCount: n, seed: 0, mode: "open_source_only" });
  for (let line = 0; line < 20; line++) {
    recorder.output(id, { type: "stream", name: "stdout", text: `${n}.${line}\n` });
    recorder.event(id, { type: "metric", name: "loss", value: 1 / n });
  }
  // Every few executions one that is large enough for an artifact.
  if (n % 7 === 0) recorder.output(id, { type: "result", data: { "text/html": `${n}`.repeat(100_000) } });
  await new Promise((done) => setImmediate(done));
  recorder.seal(id, { status: "ok" });
  recorder.flush();
  writeSync(1, `${id}\n`);
}
