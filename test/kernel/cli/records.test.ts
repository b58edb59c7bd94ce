import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { recordsCommand } from "../../../kernel/cli/records.ts";
import { lineDiff } from "../../../kernel/cli/records-diff.ts";
import { formatDuration, table } from "../../../kernel/cli/records-format.ts";
import { formatBytes } from "../../../kernel/protocol/bytes.ts";
import { executionRecord, executionSummary } from "../../../kernel/protocol/record.ts";
import { recordingSession, recordOne, startOf } from "../../support/records.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** Runs `assay records …` in this process and returns what it printed. */
async function run(...args: string[]): Promise<string> {
  let printed = "";
  const command = recordsCommand((text) => {
    printed += `${text}\n`;
  });
  await command.parseAsync(args, { from: "user" });
  return printed;
}

function twoRecords(t: TestContext) {
  const session = recordingSession(t);
  const { recorder, artifacts } = session;
  const image = artifacts.putSync(Buffer.from("pixels"), "image/png");
  const record = (source: string, kid: number, seed: number) =>
    recordOne(recorder, startOf(source, { seed }), (id) => {
      recorder.output(id, { type: "stream", name: "stdout", text: `kid ${kid}\n` });
      recorder.output(id, {
        type: "display",
        data: { "application/vnd.assay.images.v1+json": { items: [{ media: image }] } },
      });
      recorder.event(id, { type: "metric", name: "kid", value: kid });
    }).id;
  const a = record("const rank = 4;\ntrain(rank);", 0.5, 1);
  const b = record("const rank = 8;\ntrain(rank);", 0.25, 1);
  const failed = recorder.begin(startOf("broken()"));
  recorder.output(failed, {
    type: "error",
    ename: "TypeError",
    evalue: "no",
    traceback: ["TypeError: no", "  at cell 1"],
  });
  recorder.seal(failed, { status: "error" });
  recorder.flush();
  return { ...session, a, b, failed, image };
}

test("list prints a table for people and an array for machines, with filters", async (t) => {
  const { folder, a, b, failed } = twoRecords(t);
  const text = await run("list", "--store", folder);
  assert.match(text, /^id +started +notebook +cell +run +state +time +source\n/);
  assert.match(text, new RegExp(`${a.slice(-12)} .* study\\.ipynb +1 +1\\.1 +ok .* const rank = 4;`));
  const json = async (...args: string[]) =>
    JSON.parse(await run("list", "--json", "--store", folder, ...args)) as unknown[];
  const ids = (list: unknown[]) => list.map((one) => executionSummary.parse(one).executionId);
  assert.deepEqual(ids(await json()), [a, b, failed]);
  assert.deepEqual(ids(await json("--status", "error")), [failed]);
  assert.deepEqual(ids(await json("--limit", "1")), [failed]);
  assert.deepEqual(ids(await json("--notebook", "study")), [a, b, failed]);
  assert.deepEqual(ids(await json("--notebook", "other")), []);
});

test("an empty or absent store is met kindly", async (t) => {
  const folder = join(temporaryFolder(t), "none");
  assert.match(await run("list", "--store", folder), /^No records in .* yet\. Run a notebook/);
  assert.equal(await run("list", "--json", "--store", folder), "[]\n");
  await assert.rejects(run("show", "abcdef", "--store", folder), {
    code: "record.unknown",
    input: "abcdef",
    remedy: /assay records list/,
  });
});

test("show takes an id, its beginning, its end, a content id or `last`", async (t) => {
  const { folder, a, failed, read } = twoRecords(t);
  const shown = async (id: string) =>
    executionRecord.parse((JSON.parse(await run("show", id, "--json", "--store", folder)) as unknown[])[0]).executionId;
  for (const id of [
    a,
    a.slice(0, 30),
    a.slice(-8),
    a.toUpperCase(),
    read(a).contentId!,
    read(a).contentId!.slice(0, 10),
  ]) {
    assert.equal(await shown(id), a);
  }
  assert.equal(await shown("last"), failed);
  await assert.rejects(shown(a.slice(0, 6)), { code: "record.ambiguous", reason: /^3 records have it/ });
  for (const id of ["ffffffffff", "abc", "%%%%%%", "no such id"])
    await assert.rejects(shown(id), { code: "record.unknown", input: id });
});

test("show prints source, state, outputs, metrics and errors for people", async (t) => {
  const { folder, a, failed, image } = twoRecords(t);
  const text = await run("show", a, "--store", folder);
  for (const part of [
    /^execution +0/m,
    /^state +ok$/m,
    /^Source\n {2}const rank = 4;/m,
    /^Standard output\n {2}kid 0\.5/m,
    /kid +0\.5/,
  ]) {
    assert.match(text, part);
  }
  assert.match(text, /display .* application\/vnd\.assay\.images\.v1\+json/);
  assert.doesNotMatch(text, /DOES NOT FIT/);
  assert.match(await run("show", failed, "--store", folder), /^Error\n {2}TypeError: no\n {4}at cell 1$/m);
  assert.ok(image);
});

test("diff names each part that differs, and nothing else", async (t) => {
  const { folder, a, b } = twoRecords(t);
  const list = JSON.parse(await run("diff", a, b, "--json", "--store", folder)) as {
    part: string;
    name: string;
    a: unknown;
    b: unknown;
  }[];
  assert.deepEqual(
    list.map(({ part }) => part),
    ["source", "upstream", "outputs", "metrics"],
  );
  assert.deepEqual(list.at(-1), { part: "metrics", name: "kid", a: 0.5, b: 0.25 });
  const text = await run("diff", a, b, "--store", folder);
  assert.match(text, /^ {2}- const rank = 4;\n {2}\+ const rank = 8;\n {4}train\(rank\);$/m);
  assert.equal(await run("diff", a, a, "--store", folder), "The two records say the same.\n");
});

test("export writes a folder with every artifact, or one file, and the executions that these depend on", async (t) => {
  const { folder, a, b, image } = twoRecords(t);
  const out = join(temporaryFolder(t), "bundle");
  assert.match(await run("export", b, "-o", out, "--store", folder), /^2 records and 1 artifact written/);
  const bundle = JSON.parse(readFileSync(join(out, "records.json"), "utf8"));
  assert.deepEqual(
    bundle.records.map((one: { executionId: string }) => one.executionId),
    [a, b],
  );
  assert.equal(bundle.records[0].notebookPath, "study.ipynb");
  assert.deepEqual(bundle.artifacts, [image]);
  assert.equal(readFileSync(join(out, "artifacts", image.sha256.slice(0, 2), image.sha256), "utf8"), "pixels");
  await assert.rejects(run("export", b, "-o", out, "--store", folder), { code: "export.exists", input: out });
  await run("export", b, "--no-closure", "-o", `${out}.json`, "--store", folder);
  assert.equal(JSON.parse(readFileSync(`${out}.json`, "utf8")).records.length, 1);
});

test("an export stops at a corrupt artifact and leaves nothing behind", async (t) => {
  const { folder, a, artifacts, image } = twoRecords(t);
  truncateSync(artifacts.path(image.sha256), 2);
  const parent = temporaryFolder(t);
  const out = join(parent, "bundle");
  await assert.rejects(run("export", a, "-o", out, "--store", folder), { code: "artifact.corrupt" });
  assert.deepEqual(readdirSync(parent), []);
});

test("the store of a notebook is found from its folder", async (t) => {
  const { folder, a } = twoRecords(t);
  const notebooks = join(folder, "..", "deep", "er");
  mkdirSync(notebooks, { recursive: true });
  writeFileSync(join(notebooks, "x.ipynb"), "{}");
  assert.match(await run("show", a, "--notebook", join(notebooks, "x.ipynb")), /^execution/);
});

test("lines that differ are marked, moved ones too", () => {
  assert.equal(lineDiff("a\nb\nc", "a\nc\nd"), "    a\n  - b\n    c\n  + d");
  assert.equal(lineDiff("", "x"), "  - \n  + x");
});

test("sizes, times and tables are made for reading", () => {
  assert.deepEqual([0, 999, 1500, 2_000_000, 25.3e9].map(formatBytes), ["0 B", "999 B", "1.5 kB", "2.0 MB", "25.3 GB"]);
  assert.deepEqual([null, 1.23, 45.6, 3400, 125_000].map(formatDuration), [
    "",
    "1.2 ms",
    "46 ms",
    "3.4 s",
    "2 min 5 s",
  ]);
  assert.equal(table(["a", "b"], [["long", "x".repeat(40)]], 30), `a     b\nlong  ${"x".repeat(23)}…`);
});
