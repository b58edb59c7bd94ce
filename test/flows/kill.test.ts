import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openArtifacts } from "../../kernel/store/artifacts.ts";
import { openForReading } from "../../kernel/store/database.ts";
import { listExecutions } from "../../kernel/store/queries.ts";
import { isIntact, readExecution } from "../../kernel/store/record-reader.ts";
import { recordingSession, recordOne, startOf } from "../support/records.ts";
import { temporaryFolder } from "../support/temporary.ts";

const program = fileURLToPath(new URL("../support/recording-process.ts", import.meta.url));

test("killing the process that writes records, at any moment, loses nothing that it had sealed", async (t) => {
  const folder = join(temporaryFolder(t), ".assay");
  const living = recordingSession(t, { storeFolder: folder });
  const running = living.recorder.begin(startOf("await forever"));
  const told: string[] = [];
  let lost = 0;
  for (let round = 0; round < 6; round++) {
    const writer = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(writer, "exit");
    let text = "";
    writer.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    while (text === "") await sleep(5);
    await sleep(Math.random() * 200);
    writer.kill("SIGKILL");
    await exit;
    told.push(
      ...text
        .trim()
        .split("\n")
        .filter((id) => id.length === 36),
    );

    const database = openForReading(folder)!;
    const artifacts = openArtifacts(folder);
    assert.equal(database.pragma("integrity_check", { simple: true }), "ok");
    assert.deepEqual(database.pragma("foreign_key_check"), []);
    const list = listExecutions(database);
    const states = new Map(list.map((one) => [one.executionId, one]));
    for (const id of told) assert.equal(states.get(id)?.state, "ok");
    for (const { executionId, state, stateDetail } of list.slice(-40)) {
      const record = readExecution(database, artifacts, executionId);
      if (state === "ok") {
        assert.ok(isIntact(record));
        assert.equal(record.stdout.split("\n").length, 21);
        for (const { type } of record.outputs) assert.ok(type === "stream" || type === "result");
      } else if (executionId !== running) {
        assert.equal(`${state}: ${stateDetail}`, "crashed: session lost");
      }
    }
    lost = list.filter(({ state }) => state === "crashed").length;
    assert.ok(lost <= round + 1, "at most the execution that ran is lost");
    assert.equal(states.get(running)?.state, "running", "a living session's record is left alone");
    database.close();
  }
  t.diagnostic(`${told.length} executions sealed, ${lost} interrupted by 6 kills`);
  assert.ok(told.length > 0);
  living.recorder.seal(running, { status: "ok" });
  assert.equal(recordOne(living.recorder, startOf("still writable")).contentId.length, 64);
});
