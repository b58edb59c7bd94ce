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
const sessionProgram = fileURLToPath(new URL("../support/session-process.ts", import.meta.url));

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

interface Said {
  readonly cellProcess?: number;
  readonly executionId?: string;
  readonly status?: string;
  readonly contentId?: string;
}

/** Starts a session that runs cells without end, and waits for the first reply. */
async function startSession(folder: string) {
  const session = spawn(process.execPath, [sessionProgram, join(folder, "..", "killed.ipynb"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(session, "exit");
  const said: Said[] = [];
  let text = "";
  session.stdout.setEncoding("utf8").on("data", (piece: string) => {
    const lines = (text + piece).split("\n");
    text = lines.pop() ?? "";
    said.push(...lines.map((line) => JSON.parse(line) as Said));
  });
  const until = async (met: () => boolean) => {
    while (!met() && session.exitCode === null && session.signalCode === null) await sleep(5);
    assert.ok(met(), "the session ended too early");
  };
  await until(() => said.some((one) => one.executionId !== undefined));
  const cellProcess = () => said.findLast((one) => one.cellProcess !== undefined)?.cellProcess ?? 0;
  const kill = async () => {
    session.kill("SIGKILL");
    await exit;
  };
  return { said, until, cellProcess, kill };
}

function readStore(folder: string) {
  const database = openForReading(folder)!;
  try {
    assert.equal(database.pragma("integrity_check", { simple: true }), "ok");
    const artifacts = openArtifacts(folder);
    return listExecutions(database).map(({ executionId }) => readExecution(database, artifacts, executionId));
  } finally {
    database.close();
  }
}

test("a session killed while cells run leaves their records, and no cell process behind", async (t) => {
  const folder = join(temporaryFolder(t), ".assay");
  for (let round = 1; round <= 2; round++) {
    const session = await startSession(folder);
    t.after(() => session.kill());
    await sleep(Math.random() * 150);
    const cellProcess = session.cellProcess();
    await session.kill();
    const records = readStore(folder);
    const known = new Map(records.map((record) => [record.executionId, record]));
    for (const { executionId, contentId } of session.said) {
      if (executionId) assert.equal(known.get(executionId)?.contentId, contentId);
    }
    for (const record of records) {
      if (record.state === "ok") assert.equal(record.stdout.split("\n").length, 41);
      else assert.equal(`${record.state}: ${record.stateDetail}`, "crashed: session lost");
    }
    assert.ok(records.filter(({ state }) => state === "crashed").length <= round);
    for (let waited = 0; isRunning(cellProcess) && waited < 5000; waited += 20) await sleep(20);
    assert.equal(isRunning(cellProcess), false, "the cell process ends with its session");
  }
});

test("a cell process killed while its cell runs is noted in the record, and the session goes on", async (t) => {
  const folder = join(temporaryFolder(t), ".assay");
  const session = await startSession(folder);
  t.after(() => session.kill());
  const crashes = () => session.said.filter(({ status }) => status === "crashed").length;
  // A kill may fall between two cells, where it costs nothing.
  for (let kills = 0; crashes() < 2; kills++) {
    assert.ok(kills < 10, "no kill was noticed");
    await sleep(Math.random() * 60);
    const before = session.said.length;
    process.kill(session.cellProcess(), "SIGKILL");
    await session.until(() => session.said.slice(before).filter(({ status }) => status === "ok").length > 1);
  }
  await session.kill();
  const records = readStore(folder);
  const crashed = records.filter(({ state, stateDetail }) => state === "crashed" && stateDetail !== "session lost");
  assert.ok(crashed.length >= 2);
  for (const record of crashed) {
    assert.match(record.stateDetail ?? "", /SIGKILL/);
    assert.ok(isIntact(record));
    assert.equal(record.error?.ename, "KernelCrash");
  }
  assert.equal(new Set(crashed.map(({ epoch }) => epoch)).size, crashed.length, "each crash ends an epoch");
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
