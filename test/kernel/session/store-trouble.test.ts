import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { Session } from "../../../kernel/session/session.ts";
import { openArtifacts } from "../../../kernel/store/artifacts.ts";
import { openDatabase, openForReading } from "../../../kernel/store/database.ts";
import { timeOf } from "../../../kernel/store/ids.ts";
import { migrations } from "../../../kernel/store/migrations/index.ts";
import { readExecution } from "../../../kernel/store/record-reader.ts";
import { assay, readJson, writeNotebook } from "../../support/notebook.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** A session on a store, and what its cells answer. */
async function sessionOn(t: TestContext, store: string, folder = temporaryFolder(t)) {
  /** What was said on stderr so far; it may come after the reply. */
  let said = "";
  const results: string[] = [];
  const hear = (event: SessionEvent) => {
    if (event.type !== "output") return;
    const { output } = event;
    if (output.type === "stream" && output.name === "stderr") said += output.text;
    if (output.type === "result") results.push(String(output.data["text/plain"]));
  };
  const session = new Session({
    notebook: { path: join(folder, "n.ipynb"), id: "n", mode: "open_source_only", seed: 0, store },
    onEvent: hear,
  });
  t.after(() => session.close());
  await session.start();
  let count = 0;
  const run = async (source: string) => {
    const reply = await session.execute({ id: `cell-${++count}`, index: count, source });
    assert.equal(reply.status, "ok");
    return { id: reply.executionId, result: results.splice(0).join() };
  };
  return { session, run, said: () => said };
}

/** The sources of the executions that a store holds as ended, in order. */
function recorded(store: string): string[] {
  const database = openForReading(store);
  if (!database) return [];
  try {
    return database
      .prepare<[], string>("select source from executions where status is not null order by id")
      .pluck()
      .all();
  } finally {
    database.close();
  }
}

/** Waits until cells that ran meanwhile are in the store. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function damaged(store: string, make: (database: string) => void): string {
  mkdirSync(store, { recursive: true });
  make(join(store, "records.sqlite"));
  return store;
}

const troubles: readonly (readonly [name: string, make: (store: string) => void, says: RegExp])[] = [
  ["a file in the place of the store", (store) => writeFileSync(store, "mine"), /it is a file, not a folder/],
  [
    "a file that is no database",
    (store) => damaged(store, (file) => writeFileSync(file, "not a database ".repeat(1000))),
    /not a sound record database/,
  ],
  [
    "a database cut short",
    (store) => {
      openDatabase(store).close();
      truncateSync(join(store, "records.sqlite"), 5000);
    },
    /not a sound record database/,
  ],
  [
    "the database of another program",
    (store) => damaged(store, (file) => new Database(file).exec("create table sessions (name)").close()),
    /another program made it/,
  ],
  [
    "a database of a newer Assay",
    (store) => damaged(store, (file) => new Database(file).exec("pragma user_version = 1000").close()),
    /a newer Assay wrote it \(schema 1000/,
  ],
];

for (const [name, make, says] of troubles)
  test(`${name}: cells run, the user is told once, and recording starts when it can`, async (t) => {
    const folder = temporaryFolder(t);
    const store = join(folder, "store");
    make(store);
    const { run, said } = await sessionOn(t, store, folder);
    const first = await run("const a = 1; a");
    assert.equal(first.result, "1");
    assert.match(said(), /^Not recorded: [^\n]*\n$/);
    assert.match(said(), says);
    const second = await run("a + 1");
    assert.equal(second.result, "2");
    assert.match(said(), /^[^\n]*\n$/);
    // The user moves it away, as the message says.
    renameSync(store, join(folder, "moved"));
    await until(() => recorded(store).length === 2);
    assert.equal((await run("a + 2")).result, "3");
    await until(() => recorded(store).length === 3);
    assert.match(said(), /^[^\n]*\nRecorded again in .*, with what ran meanwhile\.\n$/);
    assert.deepEqual(recorded(store), ["const a = 1; a", "a + 1", "a + 2"]);
    const database = openForReading(store)!;
    t.after(() => database.close());
    assert.deepEqual(readExecution(database, openArtifacts(store), second.id).closure, [first.id]);
  });

test("a store that is deleted while the notebook runs is made anew, and the user is told", async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  const { run, said } = await sessionOn(t, store, folder);
  await run("const a = 1; a");
  await until(() => recorded(store).length === 1);
  rmSync(store, { recursive: true });
  assert.equal((await run("a + 1")).result, "2");
  await until(() => recorded(store).length === 1);
  assert.match(said(), /^The store .* was removed or replaced while this notebook ran[^\n]*\n$/);
  // The cell that runs while it goes is not recorded in part.
  const third = `await new Promise((r) => setTimeout(r, 400)); require("node:fs").rmSync(${JSON.stringify(store)}, { recursive: true }); a + 2`;
  assert.equal((await run(third)).result, "3");
  assert.equal((await run("a + 3")).result, "4");
  await until(() => recorded(store).length === 1);
  assert.deepEqual(recorded(store), ["a + 3"]);
  assert.match(said(), /^([^\n]* was removed or replaced [^\n]*\n){2}$/);
});

test("a database that another program keeps locked holds no cell up for long, and nothing is lost", async (t) => {
  const store = join(temporaryFolder(t), "store");
  const { run, said } = await sessionOn(t, store);
  await run("const a = 1; a");
  await until(() => recorded(store).length === 1);
  const other = new Database(join(store, "records.sqlite"));
  other.exec("begin immediate");
  assert.equal((await run("a + 1")).result, "2");
  assert.equal((await run("a + 2")).result, "3");
  await until(() => said() !== "");
  assert.match(said(), /^Not recorded: .* locked for too long[^\n]*\n$/);
  other.exec("rollback");
  other.close();
  await until(() => recorded(store).length === 3);
  assert.match(said(), /\nRecorded again [^\n]*\n$/);
});

test("a disk that fills up stops no cell; what was recorded before stays sound", {
  skip: process.platform === "win32",
}, (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  openDatabase(store).close();
  const script = fileURLToPath(new URL("../../support/full-disk-session.ts", import.meta.url));
  const args = [process.execPath, script, join(folder, "n.ipynb"), store];
  const { stdout, stderr } = spawnSync("sh", ["-c", `ulimit -f 4096; exec "$0" "$@"`, ...args], { encoding: "utf8" });
  const replies = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { executionId: string; status: string; said: string });
  assert.deepEqual(
    replies.map(({ status }) => status),
    Array(25).fill("ok"),
    stderr,
  );
  const told = replies.filter(({ said }) => said !== "");
  assert.equal(told.length, 1);
  assert.match(told[0]!.said, /^Not recorded: .*there is no room left to write it/);
  const database = openForReading(store)!;
  t.after(() => database.close());
  assert.equal(database.pragma("integrity_check", { simple: true }), "ok");
  const kept = recorded(store).length;
  assert.ok(kept > 0 && kept < 25, `${kept} records`);
});

test("assay run needs no store that it was not told of, and refuses to run without the one that it was", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "records.sqlite"), "");
  damaged(join(folder, ".assay"), (file) => writeFileSync(file, "not a database ".repeat(1000)));
  const path = writeNotebook(folder, ["1 + 1", "2 + 2"]);
  const out = join(folder, "out.ipynb");
  const { code, stderr } = await assay(["run", path, "-o", out]);
  assert.equal(code, 0, stderr);
  const [first, second] = readJson(out).cells;
  assert.match(JSON.stringify(first?.outputs), /Not recorded: .*not a sound record database/);
  assert.doesNotMatch(JSON.stringify(second?.outputs), /Not recorded/);
  const named = await assay(["run", path, "-o", out, "--store", join(folder, ".assay")]);
  assert.equal(named.code, 3);
  assert.match(named.stderr, /not a sound record database/);
});

test("two sessions on one notebook at once both record all that they ran", async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, "store");
  const cells = Array.from({ length: 15 }, (_, n) => `${n}`);
  const path = writeNotebook(folder, cells, { assay: { id: "n" } });
  const one = await sessionOn(t, store, folder);
  const command = assay(["run", path, "-o", join(folder, "out.ipynb"), "--store", store]);
  for (const source of cells) await one.run(source);
  assert.equal((await command).code, 0);
  assert.equal(one.said(), "");
  await one.session.close();
  assert.deepEqual(recorded(store).sort(), [...cells, ...cells].sort());
});

test("processes that bring an old database up to date at once all succeed, and keep what it held", async (t) => {
  const store = join(temporaryFolder(t), "store");
  damaged(store, (file) => {
    const old = new Database(file);
    old.exec(migrations[0]!);
    old.exec("insert into environments values ('a', '{}', 'now')");
    old.pragma("user_version = 1");
    old.close();
  });
  const source = new URL("../../../kernel/store/database.ts", import.meta.url).href;
  const program = `import { openDatabase } from ${JSON.stringify(source)}; openDatabase(${JSON.stringify(store)}).close();`;
  const args = ["--input-type=module", "-e", program];
  const start = () => once(spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] }), "exit");
  const ended = await Promise.all([start(), start(), start(), start()]);
  assert.deepEqual(
    ended.map(([code]) => code),
    [0, 0, 0, 0],
  );
  const database = openForReading(store)!;
  t.after(() => database.close());
  assert.equal(database.pragma("user_version", { simple: true }), migrations.length);
  assert.equal(database.prepare("select count(*) from environments").pluck().get(), 1);
});

test("a clock that was set back makes no execution older than those before it", async (t) => {
  const store = join(temporaryFolder(t), "store");
  const first = await sessionOn(t, store);
  const { id } = await first.run("1");
  await first.session.close();
  // As if that session had run an hour from now.
  const later = timeOf(id).getTime() + 3_600_000;
  const hex = later.toString(16).padStart(12, "0");
  const future = `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
  const database = openDatabase(store);
  database.pragma("foreign_keys = OFF");
  database.prepare("update executions set id = ? where id = ?").run(future, id);
  database.prepare("update outputs set execution_id = ? where execution_id = ?").run(future, id);
  database.close();
  const program = `
    import { Session } from ${JSON.stringify(new URL("../../../kernel/session/session.ts", import.meta.url).href)};
    const notebook = { path: ${JSON.stringify(join(store, "..", "n.ipynb"))}, id: "n", mode: "open_source_only", seed: 0, store: ${JSON.stringify(store)} };
    const session = new Session({ notebook });
    await session.start();
    console.log((await session.execute({ id: "c", index: 1, source: "2" })).executionId);
    await session.close();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.ok(stdout.trim() > future, stderr);
  assert.deepEqual(recorded(store), ["1", "2"]);
});
