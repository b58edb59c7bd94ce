import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordEvent } from "../../../kernel/protocol/cell-context.ts";
import type { LicenceClass } from "../../../kernel/protocol/compliance.ts";
import { type Lineage, lineage } from "../../../kernel/protocol/lineage.ts";
import { hashOf } from "../../../kernel/store/canonical.ts";
import { openForReading } from "../../../kernel/store/database.ts";
import { listDatasets } from "../../../kernel/store/dataset-queries.ts";
import { readLineage } from "../../../kernel/store/lineage.ts";
import { recordingSession, recordOne, startOf } from "../../support/records.ts";

const item = (name: string, licenceClass: LicenceClass, detail: object = {}): RecordEvent => ({
  ...{ type: "item", sha256: hashOf(name), name, licenceClass },
  detail: { licence: { licenceClass, name: licenceClass, flags: {} }, optOuts: [], ...detail },
});
const dataset = (name: string, items: readonly string[]): RecordEvent[] => {
  const sha256 = hashOf(`set ${name}`);
  return [
    {
      ...{ type: "dataset", sha256, name, mode: "full_dataset", policyVersion: "1" },
      ...{ items: items.map(hashOf), excluded: 0, licenceClass: "unknown" },
    },
    { type: "produced", what: { role: "dataset", name, sha256, bytes: 10 }, from: items.map(hashOf) },
  ];
};
const made = (role: "output" | "lora" | "model", name: string, from: readonly string[]): RecordEvent => ({
  ...{ type: "produced", what: { role, name, sha256: hashOf(name), bytes: 10 } },
  from: from.map(hashOf),
});
const used = (role: "input" | "model" | "lora", name: string): RecordEvent => ({
  ...{ type: "used", what: { role, name, sha256: hashOf(name), bytes: 10, licenceClass: "public_domain" } },
});

/** The lineage of the last execution of those that did these things. */
function lineageAfter(t: Parameters<typeof recordingSession>[0], ...executions: (readonly RecordEvent[])[]): Lineage {
  const { recorder, folder } = recordingSession(t);
  const ids = executions.map((events) =>
    recordOne(recorder, startOf("x"), (id) => {
      for (const event of events) recorder.event(id, event);
    }),
  );
  const database = openForReading(folder)!;
  t.after(() => database.close());
  return lineage.parse(readLineage(database, ids.at(-1)!.id));
}

const names = ({ nodes }: Lineage) => nodes.map(({ role, name }) => `${role} ${name}`);
const ways = ({ nodes, edges }: Lineage) => {
  const name = new Map(nodes.map((node) => [node.id, node.name]));
  return edges.map(({ from, to }) => `${name.get(from)} → ${name.get(to)}`).sort();
};

test("what one execution makes of what it made itself is told in that order", (t) => {
  const found = lineageAfter(t, [
    item("a", "public_domain"),
    ...dataset("set", ["a"]),
    used("model", "base"),
    made("lora", "style", ["base", "set set"]),
    made("output", "picture", ["base", "style"]),
  ]);
  assert.deepEqual(ways(found), [
    "1 item → cell 1",
    "base → cell 1",
    "cell 1 → picture",
    "cell 1 → set",
    "cell 1 → style",
    "set → style",
    "style → picture",
  ]);
});

test("items of a data set stand by class, of each the first; what the store does not know is unknown", (t) => {
  const items = Array.from({ length: 40 }, (_, index) => `item ${index}`);
  const found = lineageAfter(
    t,
    items.slice(0, 30).map((name, index) =>
      item(name, index % 2 === 0 ? "public_domain" : "copyrighted", {
        ...{ title: `Title ${index}`, author: `Author ${index}`, page: `https://example.org/${index}` },
      }),
    ),
    dataset("set", items),
  );
  const groups = found.nodes.filter(({ role }) => role === "item");
  assert.deepEqual(
    groups.map(({ licenceClass, count, members }) => [licenceClass, count, members.length]),
    [
      ["public_domain", 15, 8],
      ["copyrighted", 15, 8],
      ["unknown", 10, 0],
    ],
  );
  const [first] = groups[1]!.members;
  assert.deepEqual(first, {
    ...{ name: "item 1", sha256: hashOf("item 1"), licenceClass: "copyrighted", licence: "copyrighted" },
    ...{ title: "Title 1", author: "Author 1", source: "https://example.org/1" },
  });
});

test("of an item that was collected again with another licence, a data set keeps the one of its time", (t) => {
  const { recorder, folder } = recordingSession(t);
  const run = (...events: RecordEvent[]) =>
    recordOne(recorder, startOf("x"), (id) => {
      for (const event of events) recorder.event(id, event);
    }).id;
  run(item("a", "unknown"));
  const before = run(...dataset("before", ["a"]));
  run(item("a", "public_domain"));
  const after = run(...dataset("after", ["a"]));
  run(item("a", "copyrighted"));
  const database = openForReading(folder)!;
  t.after(() => database.close());
  const classOf = (id: string) => readLineage(database, id)!.nodes.find(({ role }) => role === "item")!.licenceClass;
  assert.deepEqual([classOf(before), classOf(after)], ["unknown", "public_domain"]);
  assert.deepEqual(
    listDatasets(database).map(({ name, classes }) => [name, classes]),
    [
      ["after", [{ licenceClass: "public_domain", items: 1 }]],
      ["before", [{ licenceClass: "unknown", items: 1 }]],
    ],
  );
});

test("pictures that a model made stay its pictures when they are collected and trained on", (t) => {
  const found = lineageAfter(
    t,
    [used("model", "base"), made("output", "made picture", ["base"])],
    [item("made picture", "public_domain"), ...dataset("set", ["made picture"])],
    [made("lora", "style", ["set set"])],
  );
  const all = ways(found);
  for (const way of ["base → made picture", "made picture → set", "set → cell 1", "cell 1 → style"])
    assert.ok(all.includes(way), `${way} in ${all}`);
});

test("rings end, chains end at a depth that is said, and much of one kind stands together", (t) => {
  const ring = lineageAfter(
    t,
    [made("output", "a", ["b"])],
    [made("output", "b", ["a"])],
    [{ type: "shown", what: [{ sha256: hashOf("a") }] }],
  );
  assert.deepEqual(names(ring).sort(), ["cell cell 1", "output a", "output b"]);
  assert.equal(ring.edges.length, 2);
  assert.match(ring.notes.join(), /leads back to itself/);

  const chain = Array.from({ length: 60 }, (_, index) => [made("output", `step ${index}`, [`step ${index - 1}`])]);
  const long = lineageAfter(t, ...chain);
  assert.ok(long.nodes.length < 40);
  assert.match(long.notes.join(), /more than 32 steps back/);

  const pictures = Array.from({ length: 3000 }, (_, index) => made("output", `picture ${index}`, ["base"]));
  const many = lineageAfter(t, [used("model", "base"), ...pictures]);
  assert.deepEqual(names(many), ["cell cell 1", "output 3,000 outputs", "model base"]);
  assert.equal(many.nodes[1]!.count, 3000);
  assert.equal(many.nodes[1]!.bytes, 30_000);
  assert.deepEqual(ways(many), ["base → cell 1", "cell 1 → 3,000 outputs"]);
});

test("what was made later does not count, and what no record knows is said to be unseen", (t) => {
  const { recorder, folder } = recordingSession(t);
  const run = (...events: RecordEvent[]) =>
    recordOne(recorder, startOf("x"), (id) => {
      for (const event of events) recorder.event(id, event);
    }).id;
  const shown = run({ type: "shown", what: [{ sha256: hashOf("picture") }] });
  run(used("model", "base"), made("output", "picture", ["base"]));
  const database = openForReading(folder)!;
  t.after(() => database.close());
  const [, unseen, ...rest] = readLineage(database, shown)!.nodes;
  assert.deepEqual([unseen!.role, unseen!.licenceClass, rest.length], ["unseen", "unknown", 0]);
  assert.equal(readLineage(database, run()), undefined);
});
