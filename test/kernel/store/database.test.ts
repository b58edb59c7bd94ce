import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { openDatabase, openForReading } from "../../../kernel/store/database.ts";
import { migrations } from "../../../kernel/store/migrations/index.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const source = new URL("../../../kernel/store/database.ts", import.meta.url).href;

test("a new database has the newest schema, keeps a log for writers and checks references", (t) => {
  const store = temporaryFolder(t);
  using database = disposable(openDatabase(store));
  assert.equal(database.pragma("user_version", { simple: true }), migrations.length);
  assert.equal(database.pragma("journal_mode", { simple: true }), "wal");
  assert.equal(database.pragma("synchronous", { simple: true }), 1);
  assert.throws(() => database.exec("insert into execution_items values ('x', 'y')"), /FOREIGN KEY/);
});

test("a database of a newer Assay is refused, for writing and for reading, and left as it is", (t) => {
  const store = temporaryFolder(t);
  const database = openDatabase(store);
  database.pragma(`user_version = ${migrations.length + 3}`);
  database.close();
  const expected = {
    code: "store.newer",
    reason: new RegExp(`schema ${migrations.length + 3};`),
    remedy: /Update Assay/,
  };
  assert.throws(() => openDatabase(store), expected);
  assert.throws(() => openForReading(store), expected);
});

test("a store without a database reads as empty, and reading makes nothing", (t) => {
  const store = join(temporaryFolder(t), "none");
  assert.equal(openForReading(store), undefined);
  assert.equal(existsSync(store), false);
});

test("what is not a database is named so", (t) => {
  const store = temporaryFolder(t);
  writeFileSync(
    join(store, "records.sqlite"),
    "this is a text, and long enough to be looked at as a header of a database".repeat(20),
  );
  for (const open of [openDatabase, openForReading]) {
    assert.throws(() => open(store), {
      code: "store.corrupt",
      input: join(store, "records.sqlite"),
      remedy: /Move it away/,
    });
  }
});

test("a database of an older schema is brought up to date by a reader too", (t) => {
  const store = temporaryFolder(t);
  new Database(join(store, "records.sqlite")).exec("create table unrelated (x)").close();
  using reader = disposable(openForReading(store)!);
  assert.equal(reader.pragma("user_version", { simple: true }), migrations.length);
});

test("many processes may open a new store at once", async (t) => {
  const store = temporaryFolder(t);
  const program = `import { openDatabase } from ${JSON.stringify(source)}; openDatabase(${JSON.stringify(store)}).close();`;
  const codes = await Promise.all(
    [1, 2, 3, 4].map(
      async () =>
        (
          await once(
            spawn(process.execPath, ["--input-type=module", "-e", program], {
              stdio: ["ignore", "inherit", "inherit"],
            }),
            "exit",
          )
        )[0],
    ),
  );
  assert.deepEqual(codes, [0, 0, 0, 0]);
});

test("readers see what was committed while a writer is at work", (t) => {
  const store = temporaryFolder(t);
  using writer = disposable(openDatabase(store));
  using reader = disposable(openForReading(store)!);
  const count = () => reader.prepare("select count(*) from environments").pluck().get();
  writer.exec("begin; insert into environments values ('a', '{}', 'now')");
  assert.equal(count(), 0);
  writer.exec("commit");
  assert.equal(count(), 1);
});

test("a folder that cannot be written can be read, and a writer is told so", {
  skip: process.platform === "win32",
}, (t) => {
  const store = temporaryFolder(t);
  const database = openDatabase(store);
  database.exec("insert into environments values ('a', '{}', 'now')");
  database.close();
  rmSync(join(store, "records.sqlite-wal"), { force: true });
  chmodSync(join(store, "records.sqlite"), 0o444);
  chmodSync(store, 0o555);
  const program = `
    import { openDatabase, openForReading } from ${JSON.stringify(source)};
    const store = ${JSON.stringify(store)};
    console.log(openForReading(store).prepare("select count(*) from environments").pluck().get());
    try { openDatabase(store); } catch (error) { console.log(error.code, error.remedy); }`;
  // The superuser may write everywhere, so the check runs as somebody else then.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", ...nobody });
  chmodSync(store, 0o755);
  if (run.stderr.includes("EACCES") || run.error) return t.skip("another user cannot read this checkout");
  assert.match(run.stdout, /^1\nstore\.readonly Choose another folder/, run.stderr);
});

test("a disk that fills up is reported with a remedy, and the database stays sound", {
  skip: process.platform === "win32",
}, (t) => {
  const store = temporaryFolder(t);
  openDatabase(store).close();
  const program = `
    import { openDatabase } from ${JSON.stringify(source)};
    import { explained } from ${JSON.stringify(new URL("problems.ts", source).href)};
    const database = openDatabase(${JSON.stringify(store)});
    const add = database.prepare("insert into environments values (?, ?, 'now')");
    let count = 0;
    try { for (;;) { add.run(String(count), "x".repeat(10000)); count++; } }
    catch (error) { console.log(explained(error, "store").code, count); }`;
  const run = spawnSync(
    "sh",
    ["-c", `ulimit -f 1024; exec "$0" --input-type=module -e "$1"`, process.execPath, program],
    {
      encoding: "utf8",
    },
  );
  assert.match(run.stdout, /^store\.full \d+\n$/, run.stderr);
  using reader = disposable(openForReading(store)!);
  assert.equal(reader.pragma("integrity_check", { simple: true }), "ok");
  assert.equal(reader.prepare("select count(*) from environments").pluck().get(), Number(run.stdout.split(" ")[1]));
});

function disposable(database: Database.Database): Database.Database & Disposable {
  return Object.assign(database, { [Symbol.dispose]: () => database.close() });
}
