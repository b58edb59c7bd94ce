import assert from "node:assert/strict";
import { test } from "node:test";
import { complianceOutput } from "../../../kernel/protocol/outputs.ts";
import { policy } from "../../../kernel/sdk/compliance/index.ts";
import { canonicalJson, contentHash, hashOf } from "../../../kernel/store/canonical.ts";
import { openForReading } from "../../../kernel/store/database.ts";
import { listDays, listNotebooks } from "../../../kernel/store/notebook-queries.ts";
import { listExecutions } from "../../../kernel/store/queries.ts";
import {
  datasetEvents,
  itemEvent,
  madeEvent,
  noai,
  shownEvent,
  usedEvent,
  watchedStore,
} from "../../support/watched-store.ts";

const strict = "open_source_only";
const base = usedEvent("model", "base", "public_domain");

test("each thing that a mode does not admit is named once, with rule and reason, however often it is shown", (t) => {
  const { run, read } = watchedStore(t);
  run(
    "full_dataset",
    itemEvent("free", "public_domain"),
    itemEvent("reserved", "copyrighted"),
    itemEvent("opted out", "creative_commons", { optOuts: [noai] }),
    itemEvent("nothing said", "unknown"),
    ...datasetEvents("all", "full_dataset", ["free", "reserved", "opted out", "nothing said", "never collected"]),
    base,
    madeEvent("lora", "style", ["base", "set all"]),
  );
  const { id, violation, outputs } = run(
    strict,
    madeEvent("output", "a", ["base", "style"]),
    madeEvent("output", "b", ["base", "style"]),
    shownEvent("a", "b", "a"),
    shownEvent("style"),
  );
  assert.equal(violation!.outputs, 3);
  assert.deepEqual(
    violation!.breaches.map(({ role, name, refused, of, reasons }) => ({
      ...{ role, name, refused, of },
      rules: reasons.map(({ rule, items, examples }) => [rule, items, examples]),
    })),
    [
      {
        ...{ role: "dataset", name: "all", refused: 4, of: 5 },
        rules: [
          ["mode.class", 1, ["reserved"]],
          ["optout.noai", 1, ["opted out"]],
          ["class.unknown", 1, ["nothing said"]],
          ["class.unknown", 1, []],
        ],
      },
    ],
  );
  assert.deepEqual(read(id).violation, violation);
  const cards = outputs.map((output) => {
    assert.ok(output.type === "display" && !output.transient);
    return {
      update: output.update,
      ...complianceOutput.parse(output.data["application/vnd.assay.compliance.v1+json"]),
    };
  });
  assert.deepEqual(
    cards.map(({ update }) => update ?? false),
    [false, true],
    "one card, brought up to date at the end",
  );
  assert.match(cards[0]!.violation!, /^1 output of this cell comes/);
  assert.match(cards[1]!.violation!, /^3 outputs of this cell come/);
  assert.deepEqual(
    cards[1]!.items.map(({ id, admitted, verdicts }) => [id, admitted, verdicts!.full_dataset!.admitted]),
    ["reserved", "opted out", "nothing said"].map((name) => [name, false, true]),
  );
  const { violation: wider } = run("research_safe", shownEvent("a"));
  assert.deepEqual(wider!.breaches[0]!.refused, 4, "opt-outs hold there too");
  assert.equal(run("full_dataset", shownEvent("a")).violation, undefined);
});

test("models are judged by their class; what is unknown altogether is no violation", (t) => {
  const { run } = watchedStore(t);
  const { violation } = run(
    strict,
    usedEvent("model", "web model", "unknown"),
    usedEvent("lora", "found LoRA", "copyrighted"),
    madeEvent("output", "picture", ["web model", "found LoRA"]),
  );
  assert.deepEqual(
    violation!.breaches.map(({ role, name, reasons }) => [role, name, reasons[0]!.rule]),
    [
      ["model", "web model", "base.class"],
      ["lora", "found LoRA", "lora.class"],
    ],
  );
  assert.match(
    violation!.words,
    /Base model web model: it is of class “Unknown licence”, which mode “Open source only” does not admit\./,
  );
  assert.equal(run(strict, shownEvent("pixels of nobody")).violation, undefined);
  assert.equal(run(strict, base, madeEvent("output", "fine", ["base"]), shownEvent("fine")).violation, undefined);
});

test("a data set of a mode at least as narrow is what its own policy admits; a wider one is judged by its policy", (t) => {
  const { run, artifacts } = watchedStore(t);
  const vouched = { optOuts: [noai], licence: { basis: "eu_art3" as const } };
  const set = (name: string, rules: ReturnType<typeof policy>) => {
    const manifest = { name, policy: rules };
    artifacts.putSync(Buffer.from(canonicalJson(manifest)), "application/json");
    return { sha256: contentHash(manifest), policyVersion: rules.version };
  };
  const allowing = set("allowing", policy({ optOutsOverriddenBy: ["contract", "eu_art3"] }));
  run(
    "full_dataset",
    itemEvent("vouched", "creative_commons", vouched),
    ...datasetEvents("default", "full_dataset", ["vouched"]),
    ...datasetEvents("allowing", "full_dataset", ["vouched"], allowing),
    ...datasetEvents("narrow", strict, ["vouched"]),
  );
  const judged = (sha256: string) => run(strict, { type: "shown", what: [{ sha256 }] }).violation?.breaches[0]?.refused;
  assert.equal(judged(hashOf("set default")), 1);
  assert.equal(judged(allowing.sha256), undefined);
  assert.equal(judged(hashOf("set narrow")), undefined);
});

test("a thousand pictures of one LoRA ask the records a few times only", (t) => {
  const { run, reads } = watchedStore(t);
  run("full_dataset", itemEvent("a", "copyrighted"), ...datasetEvents("all", "full_dataset", ["a"]));
  run("full_dataset", base, madeEvent("lora", "style", ["base", "set all"]));
  const before = reads();
  const pictures = Array.from({ length: 1000 }, (_, index) =>
    madeEvent("output", `picture ${index}`, ["base", "style"]),
  );
  const { violation, outputs } = run(strict, ...pictures);
  assert.equal(violation!.outputs, 1000);
  assert.ok(reads() - before <= 4, `${reads() - before} times`);
  assert.equal(outputs.length, 2);
  const names = Array.from({ length: 1000 }, (_, index) => `unseen ${index}`);
  const again = reads();
  run(strict, shownEvent(...names));
  assert.equal(reads() - again, 1, "what is shown together is asked for together");
});

test("pictures of a model that are collected as free items are still what they are", (t) => {
  const { run } = watchedStore(t);
  run("full_dataset", itemEvent("a", "copyrighted"), ...datasetEvents("all", "full_dataset", ["a"]));
  run(
    "full_dataset",
    base,
    madeEvent("lora", "style", ["base", "set all"]),
    madeEvent("output", "laundered", ["style"]),
  );
  run(strict, itemEvent("laundered", "public_domain"), ...datasetEvents("clean", strict, ["laundered"]));
  const { violation } = run(strict, base, madeEvent("lora", "second", ["base", "set clean"]));
  assert.deepEqual(
    violation!.breaches.map(({ name }) => name),
    ["all"],
  );
});

test("the store lists and counts the executions that broke their mode", (t) => {
  const { run, folder } = watchedStore(t);
  run("full_dataset", itemEvent("reserved", "copyrighted"), ...datasetEvents("all", "full_dataset", ["reserved"]));
  const broken = run(strict, madeEvent("output", "a", ["set all"]), shownEvent("a"));
  run("full_dataset", shownEvent("a"));
  const database = openForReading(folder)!;
  t.after(() => database.close());
  const found = listExecutions(database, { violating: true });
  assert.deepEqual(
    found.map(({ executionId, violationWords }) => [executionId, violationWords]),
    [[broken.id, broken.violation!.words]],
  );
  assert.deepEqual(
    listExecutions(database).map(({ violationWords }) => violationWords !== null),
    [false, true, false],
  );
  for (const [filter, count] of [
    [{ violating: true }, 1],
    [{ violating: true, mode: strict }, 1],
    [{ violating: true, mode: "full_dataset" }, 0],
    [{ violating: true, status: "error" }, 0],
    [{ mode: "full_dataset" }, 2],
  ] as const) {
    const [notebook] = listNotebooks(database, filter);
    assert.equal(notebook?.records ?? 0, count);
    const days = listDays(database, "notebook-1", filter);
    assert.equal(
      days.reduce((sum, { records }) => sum + records, 0),
      count,
    );
  }
});
