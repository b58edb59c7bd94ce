import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { openRecorder } from "../../../kernel/session/recorder.ts";
import { openDatabase, openForReading } from "../../../kernel/store/database.ts";
import { uuidv7 } from "../../../kernel/store/ids.ts";
import { migrations } from "../../../kernel/store/migrations/index.ts";
import { listDays, listNotebooks } from "../../../kernel/store/notebook-queries.ts";
import { listExecutions, type RecordFilter } from "../../../kernel/store/queries.ts";
import { inserter } from "../../../kernel/store/rows.ts";
import { recordingSession, recordOne, startOf } from "../../support/records.ts";
import { fillStore } from "../../support/synthetic-store.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const hash = "a".repeat(64);

function sources(folder: string, filter: RecordFilter): string[] {
  const database = openForReading(folder)!;
  try {
    return listExecutions(database, filter).map(({ source }) => source);
  } finally {
    database.close();
  }
}

test("a synthetic store is listed by notebook and day as a plain count over all its records says", (t) => {
  const folder = temporaryFolder(t);
  fillStore(folder, { records: 900, notebooks: 3, days: 5, end: new Date("2026-03-10T12:00:00Z") });
  const database = openForReading(folder)!;
  t.after(() => database.close());
  const all = listExecutions(database);
  assert.equal(all.length, 900);
  for (const filter of [
    {},
    { status: "error" },
    { mode: "research_safe" },
    { status: "ok", mode: "full_dataset" },
  ] as const) {
    const fitting = all.filter(
      (one) =>
        (!("status" in filter) || one.state === filter.status) && (!("mode" in filter) || one.mode === filter.mode),
    );
    const notebooks = listNotebooks(database, filter);
    assert.deepEqual(
      new Map(notebooks.map((one) => [one.notebookId, one.records])),
      new Map(
        notebooks.map(({ notebookId }) => [notebookId, fitting.filter((one) => one.notebookId === notebookId).length]),
      ),
    );
    assert.equal(
      notebooks.reduce((sum, one) => sum + one.records, 0),
      fitting.length,
    );
    const { notebookId } = notebooks[0]!;
    const days = listDays(database, notebookId, filter);
    for (const { since, until, records } of days) {
      const found = listExecutions(database, { ...filter, notebookId, since, until });
      assert.equal(found.length, records);
      assert.equal(
        records,
        fitting.filter((one) => one.notebookId === notebookId && one.startedAt >= since && one.startedAt < until)
          .length,
      );
    }
    assert.equal(
      days.reduce((sum, one) => sum + one.records, 0),
      notebooks[0]!.records,
    );
  }
  assert.equal(listExecutions(database, { text: "zeppelin" }).length, 1);
  // Page by page the same as at once, each once.
  const paged: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = listExecutions(database, { text: "torus night", before, limit: 7 });
    if (page.length === 0) break;
    paged.unshift(...page.map((one) => one.executionId));
    before = page[0]!.executionId;
  }
  assert.deepEqual(
    paged,
    listExecutions(database, { text: "torus night" }).map((one) => one.executionId),
  );
  assert.ok(paged.length > 7);
});

test("a record is found by words of its prompt, source, parameters, error and id, all of which must occur", async (t) => {
  const { folder, recorder } = recordingSession(t);
  const what = { role: "output", name: "picture.png", sha256: hash, bytes: 1, mime: "image/png" } as const;
  const made = recordOne(recorder, startOf("const images = await paint();"), (id) => {
    recorder.event(id, { type: "produced", what, facts: { prompt: "Ein roter Würfel, 赤い立方体の絵" } });
    recorder.event(id, { type: "param", name: "guidance", value: "strong" });
  });
  recordOne(recorder, startOf("throw new Error()"), (id) => {
    recorder.output(id, { type: "error", ename: "RangeError", evalue: "the moon is too far", traceback: [] });
  });
  recordOne(recorder, startOf("display.images(shown)"), (id) => {
    const images = {
      layout: "gallery",
      items: [{ prompt: "a lighthouse at dawn", media: { mime: "image/png", base64: "AAAA" } }],
    };
    recorder.output(id, {
      type: "display",
      data: { "application/vnd.assay.images.v1+json": images, "text/plain": "one" },
    });
  });
  const found = (text: string) => sources(folder, { text });
  const paint = ["const images = await paint();"];
  await until(() => found("study.ipynb").length === 3);
  assert.deepEqual(found("WÜRFEL"), paint);
  assert.deepEqual(found("roter paint"), paint);
  assert.deepEqual(found("立方体"), paint);
  assert.deepEqual(found("guidance strong"), paint);
  assert.deepEqual(found("立"), paint, "a word that is too short for the index");
  assert.deepEqual(found(made.id.slice(-8)), paint);
  assert.deepEqual(found(made.contentId.slice(0, 8)), paint);
  assert.deepEqual(found("moon RangeError"), ["throw new Error()"]);
  assert.deepEqual(found("lighthouse"), ["display.images(shown)"]);
  assert.deepEqual(found("lighthouse moon"), []);
  for (const hostile of ['"zz', "' or 1=1 --", "paint*", "NEAR(", "a AND b", "%%%"])
    assert.deepEqual(found(hostile), []);
});

test("a record is found while it runs, and by what it told after it had ended", async (t) => {
  const { folder, recorder } = recordingSession(t);
  const id = recorder.begin(startOf("await aeons()"));
  await until(() => sources(folder, { text: "aeons" }).includes("await aeons()"));
  recorder.seal(id, { status: "ok" });
  recorder.event(id, { type: "param", name: "afterthought", value: 1 });
  recordOne(recorder, startOf("next()"));
  await until(() => sources(folder, { text: "afterthought" }).includes("await aeons()"));
});

test("what a killed session did not enter is entered by the next one that opens the store", async (t) => {
  const { folder, recorder } = recordingSession(t);
  recordOne(recorder, startOf("forgotten()"));
  await until(() => sources(folder, { text: "forgotten" }).length === 1);
  const database = new Database(join(folder, "records.sqlite"));
  database.exec("delete from search; delete from searchable");
  database.close();
  assert.deepEqual(sources(folder, { text: "forgotten" }), []);
  await using _next = openRecorder({
    storeFolder: folder,
    notebook: { id: "next", path: join(folder, "next.ipynb") },
    sessionId: "next",
    snapshot: false,
  });
  await until(() => sources(folder, { text: "forgotten" }).length === 1);
});

/** Waits for what comes a moment after its cause. */
async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 20_000) assert.fail("it did not come");
    await new Promise((done) => setTimeout(done, 10));
  }
}

test("a store of the schema without a search is searchable once it is opened", (t) => {
  const folder = temporaryFolder(t);
  const database = new Database(join(folder, "records.sqlite"));
  for (const step of migrations.slice(0, 2)) database.exec(step);
  database.pragma("user_version = 2");
  const insert = inserter(database);
  const at = new Date().toISOString();
  insert("sessions", {
    ...{ id: "s", notebook_id: "n", notebook_path: "/n.ipynb", host: "h", boot: "b", pid_space: "p", pid: 1 },
    ...{ process_started: "x", environment: null, started_at: at, seen_at: at, ended_at: at },
  });
  const id = uuidv7();
  insert("executions", {
    ...{ id, session_id: "s", notebook_id: "n", cell_id: "c", cell_index: 1, epoch: 1, execution_count: 1 },
    ...{ source: "old()", parameters: "{}", seed: 0, mode: "full_dataset", policy_version: "1", environment: null },
    ...{ started_at: at, ended_at: at, duration: 1, peak_memory: 1, status: "ok", detail: null, names: null },
    ...{ upstream: "[]", output_hashes: "[]", content_id: hash, tags: "[]" },
  });
  insert("participants", {
    ...{ execution_id: id, position: 0, late: 0, direction: "produced", role: "output", name: "x", sha256: hash },
    ...{ bytes: 1, mime: null, licence_class: null, facts: '{"prompt":"an owl"}' },
  });
  database.close();
  openDatabase(folder).close();
  assert.deepEqual(sources(folder, { text: "owl" }), ["old()"]);
});
