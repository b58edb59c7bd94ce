import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { executionRecord } from "../../../kernel/protocol/record.ts";
import { openForReading } from "../../../kernel/store/database.ts";
import { isIntact } from "../../../kernel/store/record-reader.ts";
import { recordingSession, recordOne, startOf } from "../../support/records.ts";

const hash = (digit: string) => digit.repeat(64);

test("a record comes back as it was told, and fits its schema", (t) => {
  const { recorder, read } = recordingSession(t);
  const { id, contentId } = recordOne(
    recorder,
    startOf("await train()", { parameters: { rank: 4 }, seed: 7 }),
    (id) => {
      recorder.output(id, { type: "stream", name: "stdout", text: "one\n" });
      recorder.output(id, { type: "stream", name: "stderr", text: "careful\n" });
      recorder.output(id, { type: "stream", name: "stdout", text: "two\n" });
      recorder.output(id, { type: "result", data: { "text/plain": "42" } });
      recorder.event(id, {
        type: "used",
        what: { role: "model", name: "tiny", sha256: hash("a"), bytes: 5, licenceClass: "public_domain" },
      });
      recorder.event(id, {
        type: "produced",
        what: { role: "lora", name: "ink.safetensors", sha256: hash("b"), bytes: 6 },
        from: [hash("a"), hash("c")],
        facts: { prompt: "a red cube" },
      });
      recorder.event(id, {
        type: "item",
        sha256: hash("d"),
        name: "1.png",
        licenceClass: "creative_commons",
        licence: "CC-BY-4.0",
        detail: { author: "Ada" },
      });
      recorder.event(id, {
        type: "dataset",
        sha256: hash("c"),
        name: "open",
        mode: "open_source_only",
        policyVersion: "1",
        items: [hash("d")],
        excluded: 3,
        licenceClass: "creative_commons",
      });
      recorder.event(id, {
        type: "training",
        name: "ink",
        base: hash("a"),
        dataset: hash("c"),
        steps: 2,
        result: hash("b"),
        losses: [0.5, 0.25],
        licenceClass: "creative_commons",
        facts: { rank: 4 },
      });
      recorder.event(id, { type: "metric", name: "kid", value: 0.125, facts: { low: 0.1 } });
      recorder.event(id, { type: "metric", name: "kid", value: Number.NaN });
      recorder.event(id, { type: "param", name: "steps", value: [1, 2] });
      recorder.event(id, {
        type: "response",
        request: "GET /x",
        occurrence: 1,
        status: 200,
        body: { sha256: hash("e"), bytes: 1, mime: "text/plain" },
      });
    },
  );
  const record = executionRecord.parse(read(id));
  assert.equal(record.contentId, contentId);
  assert.ok(isIntact(record));
  assert.equal(record.state, "ok");
  assert.equal(record.stdout, "one\ntwo\n");
  assert.equal(record.stderr, "careful\n");
  assert.deepEqual(record.parameters, { rank: 4 });
  assert.deepEqual(
    record.outputs.map(({ type, name }) => `${type} ${name}`),
    ["stream stdout", "stream stderr", "stream stdout", "result text/plain"],
  );
  assert.deepEqual(
    record.participants.map(({ direction, name }) => `${direction} ${name}`),
    ["used tiny", "produced ink.safetensors"],
  );
  assert.deepEqual(record.participants[1]?.facts, { prompt: "a red cube" });
  assert.deepEqual(record.metrics, [
    { name: "kid", value: 0.125, facts: { low: 0.1 } },
    { name: "kid", value: null, facts: {} },
  ]);
  assert.deepEqual(record.params, { steps: [1, 2] });
  assert.equal(record.datasets[0]?.size, 1);
  assert.deepEqual(record.trainings[0]?.losses, [0.5, 0.25]);
  assert.equal(record.responses[0]?.body.sha256, hash("e"));
});

test("the content id covers what a result depends on, and nothing else", (t) => {
  const { recorder } = recordingSession(t);
  const names = { reads: [], writes: [] };
  const contentId = (source: string, rest: object = {}, during: (id: string) => void = () => {}) =>
    recordOne(recorder, startOf(source, rest), (id) => {
      recorder.names(id, names);
      during(id);
    }).contentId;
  const plain = contentId("1");
  assert.equal(contentId("1", { executionCount: 9, epoch: 2, cell: { id: "moved", index: 4, source: "1" } }), plain);
  const others = [
    contentId("2"),
    contentId("1", { seed: 1 }),
    contentId("1", { mode: "research_safe" }),
    contentId("1", { parameters: { a: 1 } }),
    contentId("1", { policyVersion: "2" }),
    contentId("1", {}, (id) => recorder.output(id, { type: "stream", name: "stdout", text: "x" })),
    contentId("1", {}, (id) =>
      recorder.event(id, { type: "used", what: { role: "input", name: "a", sha256: hash("a"), bytes: 1 } }),
    ),
  ];
  assert.equal(new Set([plain, ...others]).size, others.length + 1);
});

test("how output was cut, replaced or marked does not change the content id", (t) => {
  const { recorder, read } = recordingSession(t);
  const display = (text: string, extra: object = {}) =>
    ({ type: "display", data: { "text/plain": text }, ...extra }) as const;
  const contentIds = [
    (id: string) => {
      recorder.output(id, { type: "stream", name: "stdout", text: "héllo 😀\nworld" });
      recorder.output(id, display("done"));
    },
    (id: string) => {
      recorder.output(id, display("progress 1", { displayId: "p", transient: true }));
      for (const piece of ["h", "éllo ", "\ud83d", "\ude00", "\nwor", "ld"]) {
        recorder.output(id, { type: "stream", name: "stdout", text: piece });
      }
      recorder.output(id, display("working", { displayId: "d" }));
      recorder.output(id, display("done", { displayId: "d", update: true }));
    },
    (id: string) => {
      recorder.output(id, display("to be cleared"));
      recorder.output(id, { type: "clear", wait: true });
      recorder.output(id, { type: "stream", name: "stdout", text: "héllo 😀\nworld" });
      recorder.output(id, display("done"));
    },
  ].map((during) => {
    const { id, contentId } = recordOne(recorder, startOf("show()", { epoch: 1 }), (id) => {
      recorder.names(id, { reads: [], writes: [] });
      during(id);
    });
    assert.ok(isIntact(read(id)));
    return contentId;
  });
  assert.equal(new Set(contentIds).size, 1);
});

test("media count by their bytes, inside the output or beside it", (t) => {
  const { recorder, artifacts } = recordingSession(t);
  const bytes = Buffer.from("pixels");
  const ref = artifacts.putSync(bytes, "image/png");
  const contentIds = [{ mime: "image/png", base64: bytes.toString("base64") }, ref].map(
    (media) =>
      recordOne(recorder, startOf("grid()"), (id) => {
        recorder.names(id, { reads: [], writes: [] });
        recorder.output(id, {
          type: "display",
          data: { "application/vnd.assay.images.v1+json": { items: [{ media }] } },
        });
      }).contentId,
  );
  assert.equal(contentIds[0], contentIds[1]);
});

test("content ids carry those of the executions that they depend on", (t) => {
  const chain = (first: string, known: boolean) => {
    const { recorder, read } = recordingSession(t);
    const a = recordOne(recorder, startOf(first), (id) => known && recorder.names(id, { reads: [], writes: ["x"] }));
    const b = recordOne(recorder, startOf("x + 1"), (id) => known && recorder.names(id, { reads: ["x"], writes: [] }));
    const c = recordOne(recorder, startOf("3"), (id) => known && recorder.names(id, { reads: [], writes: [] }));
    assert.deepEqual(read(b.id).closure, [a.id]);
    assert.deepEqual(read(c.id).closure, known ? [] : [a.id, b.id]);
    return { b: b.contentId, c: c.contentId };
  };
  const [one, same, two, opaqueOne, opaqueTwo] = [
    chain("x = 1", true),
    chain("x = 1", true),
    chain("x = 2", true),
    chain("x = 1", false),
    chain("x = 2", false),
  ];
  assert.deepEqual(one, same);
  assert.notEqual(one.b, two.b);
  assert.equal(one.c, two.c);
  assert.notEqual(opaqueOne.c, opaqueTwo.c);
});

test("a new epoch starts without dependencies", (t) => {
  const { recorder, read } = recordingSession(t);
  recordOne(recorder, startOf("1"));
  assert.deepEqual(read(recordOne(recorder, startOf("2", { epoch: 2 })).id).closure, []);
});

test("what comes after the end is appended and leaves the content id alone", async (t) => {
  const { recorder, read } = recordingSession(t);
  const { id, contentId } = recordOne(recorder, startOf("setTimeout(…)"));
  recorder.output(id, { type: "stream", name: "stdout", text: "la" });
  recorder.output(id, { type: "stream", name: "stdout", text: "te\n" });
  recorder.event(id, { type: "used", what: { role: "input", name: "late.csv", sha256: hash("a"), bytes: 1 } });
  recorder.event(id, { type: "metric", name: "loss", value: 1 });
  await sleep(400);
  const record = read(id);
  assert.deepEqual(
    record.outputs.map(({ name, late }) => [name, late]),
    [["stdout", true]],
  );
  assert.equal(record.stdout, "late\n");
  assert.deepEqual(
    record.participants.map(({ name, late }) => [name, late]),
    [["late.csv", true]],
  );
  assert.equal(record.metrics.length, 1);
  assert.equal(record.contentId, contentId);
  assert.ok(isIntact(record));
  assert.equal(recorder.seal(id, { status: "error" }), contentId);
});

test("a running execution can be read while it runs, with the output so far", async (t) => {
  const { recorder, read } = recordingSession(t);
  const id = recorder.begin(startOf("for (;;) …"));
  recorder.output(id, { type: "stream", name: "stdout", text: "step 1\n" });
  await sleep(400);
  assert.equal(read(id).state, "running");
  assert.equal(read(id).stdout, "step 1\n");
  recorder.output(id, { type: "clear", wait: false });
  recorder.output(id, { type: "stream", name: "stdout", text: "step 2\n" });
  recorder.seal(id, { status: "interrupted", peakMemory: 12.5 });
  assert.equal(read(id).state, "interrupted");
  assert.equal(read(id).stdout, "step 2\n");
  assert.equal(read(id).peakMemory, 13);
});

test("large outputs lie in artifacts and come back whole", (t) => {
  const { recorder, read, folder } = recordingSession(t);
  const text = "0123456789".repeat(30_000);
  const { id } = recordOne(recorder, startOf("big()"), (id) => {
    recorder.output(id, { type: "stream", name: "stdout", text });
    recorder.output(id, { type: "stream", name: "stdout", text: "tail" });
    recorder.output(id, { type: "result", data: { "text/html": text } });
  });
  assert.equal(read(id).stdout, `${text}tail`);
  const database = openForReading(folder)!;
  const longest = database.prepare("select max(length(body)) from outputs").pluck().get();
  database.close();
  assert.ok(Number(longest) < 100_000);
});

test("an event that breaks the schema costs itself only", (t) => {
  const { recorder, read } = recordingSession(t);
  const { id } = recordOne(recorder, startOf("odd()"), (id) => {
    recorder.event(id, { type: "metric", name: "kid", value: "many" as unknown as number });
    recorder.event(id, { type: "metric", name: "kid", value: 1 });
  });
  const record = read(id);
  assert.equal(record.state, "ok");
  assert.deepEqual(
    record.metrics.map(({ value }) => value),
    [1],
  );
  assert.match(record.stderr, /record event of type metric could not be kept/);
});

test("closing a session seals what still runs, and says why", async (t) => {
  const { recorder, read } = recordingSession(t);
  const id = recorder.begin(startOf("await forever"));
  await recorder.close();
  await recorder.close();
  assert.equal(read(id).state, "interrupted");
  assert.equal(read(id).stateDetail, "the session was closed");
});

test("two sessions write to one store at once", (t) => {
  const one = recordingSession(t);
  const two = recordingSession(t, { storeFolder: one.folder });
  const ids = Array.from({ length: 20 }, (_, i) => recordOne((i % 2 ? one : two).recorder, startOf(`${i}`)).id);
  two.recorder.flush();
  for (const [i, id] of ids.entries()) assert.equal(one.read(id).source, `${i}`);
});
