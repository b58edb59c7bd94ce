import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Violation } from "../../kernel/protocol/lineage.ts";
import { complianceOutput } from "../../kernel/protocol/outputs.ts";
import { type ExecutionRecord, executionRecord } from "../../kernel/protocol/record.ts";
import { startKernel } from "../support/kernel.ts";
import { writeCorpus } from "../support/licensed-corpus.ts";
import { assay, readJson, writeNotebook } from "../support/notebook.ts";
import { temporaryFolder } from "../support/temporary.ts";

interface CellJson {
  readonly status: string;
  readonly executionId: string;
  readonly violation: Violation | null;
}

const strict = "open_source_only";
const compliance = "application/vnd.assay.compliance.v1+json";

async function run(path: string, ...args: string[]) {
  const out = path.replace(/\.ipynb$/, ".out.ipynb");
  const result = await assay(["run", path, "-o", out, "--json", "--no-check", ...args]);
  return { ...result, cells: JSON.parse(result.stdout || "[]") as CellJson[], out };
}

async function recordOf(store: string, id: string): Promise<ExecutionRecord> {
  const { stdout } = await assay(["records", "show", id, "--json", "--store", store]);
  return executionRecord.parse((JSON.parse(stdout) as unknown[])[0]);
}

/** A place in the graph by the words of its name. */
function place(record: ExecutionRecord, role: string, name: RegExp) {
  const nodes = record.lineage!.nodes.filter((node) => node.role === role && name.test(node.name));
  assert.equal(nodes.length, 1, `${role} ${name}: ${record.lineage!.nodes.map((node) => `${node.role} ${node.name}`)}`);
  return nodes[0]!;
}

/** Whether one place leads to another, over others. */
function leads(record: ExecutionRecord, from: string, to: string): boolean {
  if (from === to) return true;
  return record.lineage!.edges.some((edge) => edge.from === from && leads(record, edge.to, to));
}

/** A notebook that trains a LoRA on everything, in a folder with its corpus. */
async function trainedElsewhere(folder: string): Promise<CellJson[]> {
  const lab = join(folder, "lab");
  mkdirSync(lab);
  writeCorpus(join(lab, "corpus"), ["free", "attribution", "attribution", "optedOut", "optedOut"]);
  const path = writeNotebook(
    lab,
    [
      'import { data, train } from "assay"; const collection = await data.collect("corpus"); const dataset = data.dataset(collection, { name: "all of it" });',
      'const lora = await train.lora({ dataset, name: "night", steps: 2, rank: 2, batch: 1, output: "night.safetensors" }); 0',
    ],
    { assay: { id: "0198c0de-0000-7000-8000-0000000000a1", mode: "full_dataset" } },
  );
  const { code, stderr, cells } = await run(path);
  assert.equal(code, 0, stderr);
  assert.ok(cells.every(({ violation }) => violation === null));
  return cells;
}

test("a LoRA of a laxer mode marks what a strict notebook makes with it, and the record tells the whole way", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, ".assay"));
  const [collected, trained] = await trainedElsewhere(folder);
  const study = join(folder, "study");
  mkdirSync(study);
  const path = writeNotebook(
    study,
    [
      'import { display, generate, lora } from "assay"; const night = lora.load("../lab/night.safetensors");',
      'const images = await generate.image({ prompts: ["a red cube"], seeds: [1, 2], steps: 1, loras: [{ lora: night, weight: 1 }] });',
      "display.images(images);",
      'const plain = await generate.image({ prompt: "a blue cone", steps: 1 }); plain[0]',
    ],
    { assay: { id: "0198c0de-0000-7000-8000-0000000000a2", mode: strict } },
  );
  const { code, stderr, cells, out } = await run(path);
  assert.equal(code, 0, "a mark stops nothing");
  assert.deepEqual(
    cells.map(({ violation }) => violation?.outputs ?? 0),
    [0, 2, 2, 0],
  );
  const [, made, shown, plain] = cells;
  for (const { violation } of [made!, shown!]) {
    const [breach, ...others] = violation!.breaches;
    assert.deepEqual(others, []);
    assert.equal(breach!.name, "all of it");
    assert.deepEqual([breach!.refused, breach!.of], [2, 5]);
    assert.deepEqual(
      breach!.reasons.map(({ rule, items, examples }) => ({ rule, items, examples })),
      [{ rule: "optout.aipref", items: 2, examples: ["03-optedOut.png", "04-optedOut.png"] }],
    );
    assert.match(violation!.words, /through LoRA night/);
    assert.match(violation!.words, /03-optedOut\.png, 04-optedOut\.png: AIPREF Content-Usage: training is not allowed/);
    assert.match(violation!.words, /built in mode “Full dataset”, notebook\.ipynb cell 1/);
  }
  assert.match(
    stderr,
    /⚠ cell 2 breaks the compliance mode: 2 outputs of this cell come from what mode “Open source only”/,
  );
  assert.match(stderr, /⚠ cells 2, 3 break the compliance mode/);

  // What a person sees in the cell: the card, first of all lasting outputs.
  const outputs = readJson(out).cells[2]!.outputs!;
  const card = complianceOutput.parse((outputs[0]!.data as Record<string, unknown>)[compliance]);
  assert.equal(card.violation, shown!.violation!.words);
  assert.deepEqual(
    card.items.map(({ id, admitted, rule, author }) => [id, admitted, rule, author]),
    [
      ["03-optedOut.png", false, "optout.aipref", "Synthetic Author 3"],
      ["04-optedOut.png", false, "optout.aipref", "Synthetic Author 4"],
    ],
  );
  assert.match(String((outputs[0]!.data as Record<string, unknown>)["text/html"]), /role="alert"/);

  const store = join(folder, ".assay");
  const record = await recordOf(store, shown!.executionId);
  assert.deepEqual(record.violation, shown!.violation);
  const cell = record.lineage!.nodes.find(({ role }) => role === "cell")!;
  const lora = place(record, "lora", /^night$/);
  assert.equal(lora.madeBy?.executionId, trained!.executionId);
  assert.equal(lora.madeBy?.mode, "full_dataset");
  const dataset = place(record, "dataset", /^all of it$/);
  assert.equal(dataset.madeBy?.executionId, collected!.executionId);
  const base = place(record, "model", /^tiny-scenes$/);
  assert.equal(base.members[0]!.licence, "CC0-1.0");
  assert.match(base.members[0]!.source!, /models\/build/);
  const items = record.lineage!.nodes.filter(({ role }) => role === "item");
  assert.deepEqual(
    items.map(({ licenceClass, count }) => [licenceClass, count]),
    [
      ["public_domain", 1],
      ["creative_commons", 4],
    ],
  );
  const [author] = items[1]!.members.map(({ author, source, licence }) => [author, source, licence]);
  assert.deepEqual(author, ["Synthetic Author 1", "https://example.org/1", "CC BY 4.0"]);
  const pictures = record.lineage!.nodes.filter(({ role }) => role === "output");
  assert.deepEqual(
    pictures.map(({ madeBy }) => madeBy?.executionId),
    [made!.executionId, made!.executionId],
  );
  for (const [from, to] of [
    [items[1]!.id, dataset.id],
    [dataset.id, lora.id],
    [base.id, lora.id],
    [lora.id, pictures[0]!.id],
    [pictures[0]!.id, cell.id],
  ] as const)
    assert.ok(leads(record, from, to), `${from} → ${to}`);
  assert.ok(!leads(record, cell.id, lora.id));

  const clean = await recordOf(store, plain!.executionId);
  assert.equal(clean.violation, null);
  assert.ok(!clean.lineage!.nodes.some(({ role }) => role === "lora"));

  const replayed = await assay(["replay", shown!.executionId, "--store", store]);
  assert.equal(replayed.code, 0, `the mark is replayed too: ${replayed.stdout}${replayed.stderr}`);

  const { stdout } = await assay(["records", "show", shown!.executionId, "--store", store]);
  assert.match(stdout, /Breaks its mode/);
  assert.match(
    stdout,
    /Lineage\n {2}cell 3\n {4}output a red cube[\s\S]*LoRA night: [\s\S]*data set all of it: [\s\S]*by Synthetic Author 1, CC BY 4\.0/,
  );
});

test("when the mode is changed, what is shown again is judged by the new one", async (t) => {
  const folder = temporaryFolder(t);
  writeCorpus(join(folder, "corpus"), ["free", "reserved", "reserved"]);
  await using kernel = await startKernel({ path: join(folder, "study.ipynb"), mode: "full_dataset" });
  const execute = (id: string, index: number, source: string, mode?: string) =>
    kernel.request<{ executionId: string; status: string; violation?: Violation }>("execute", {
      cell: { id, index, source },
      ...(mode && { mode }),
    });
  const setup = await execute(
    "a",
    1,
    `import { data, display, generate, train } from "assay";
const dataset = data.dataset(await data.collect("corpus"), { name: "mixed" });
const lora = await train.lora({ dataset, name: "mix", steps: 1, rank: 2, batch: 1 });
const images = await generate.image({ prompt: "a cone", steps: 1, loras: [{ lora, weight: 1 }] });
const small = await images[0].resize(16);`,
  );
  assert.equal(setup.status, "ok");
  assert.equal(setup.violation, undefined);
  for (const source of [
    "images[0]",
    "small",
    "lora",
    "dataset",
    "display.images([{ image: images[0], row: 'a', column: 'b' }])",
  ]) {
    const lax = await execute("b", 2, source);
    assert.equal(lax.violation, undefined, source);
    const now = await execute("b", 2, source, strict);
    assert.equal(now.status, "ok");
    assert.equal(now.violation?.outputs, 1, source);
    assert.deepEqual(
      now.violation?.breaches.map(({ name, refused, of }) => [name, refused, of]),
      [["mixed", 2, 3]],
      source,
    );
    assert.match(
      now.violation!.words,
      /of class “Copyrighted”, and mode “Open source only” admits only “Public domain” and “Creative Commons”/,
    );
  }
});

test("what comes from where the SDK cannot see is unknown: never allowed, and no violation either", async (t) => {
  const folder = temporaryFolder(t);
  writeCorpus(join(folder, "corpus"), ["free"]);
  const path = writeNotebook(
    folder,
    [
      'import { readFileSync } from "node:fs"; import { Image, display } from "assay";\nconst bytes = readFileSync("corpus/00-free.png"); bytes',
      'display.images([await Image.decode(bytes), await Image.read("corpus/00-free.png")]);',
      "display.images([new Image({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) })]);",
      "({ width: 2, height: 1, data: new Uint8ClampedArray(8).fill(255) })",
    ],
    { assay: { id: "0198c0de-0000-7000-8000-0000000000a3", mode: strict } },
  );
  const { code, stderr, cells, out } = await run(path);
  assert.equal(code, 0, stderr);
  const store = join(folder, ".assay");
  for (const [index, { executionId, violation }] of cells.entries()) {
    assert.equal(violation, null);
    const classes = readJson(out).cells[index]!.outputs!.flatMap(({ data }) => {
      const images = (data as Record<string, { items: { licenceClass?: string }[] } | undefined>)[
        "application/vnd.assay.images.v1+json"
      ];
      return images?.items.map(({ licenceClass }) => licenceClass) ?? [];
    });
    assert.ok(classes.length > 0 && classes.every((one) => one === "unknown"), `cell ${index + 1}: ${classes}`);
    const { lineage } = await recordOf(store, executionId);
    const sources = lineage!.nodes.filter(({ role }) => role !== "cell");
    assert.ok(sources.length > 0);
    assert.ok(
      sources.every(({ licenceClass }) => licenceClass === "unknown"),
      JSON.stringify(sources),
    );
  }
  assert.ok(readFileSync(out, "utf8").includes("unknown"));
});
