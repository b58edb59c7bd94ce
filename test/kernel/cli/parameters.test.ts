import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assay, readJson, type TestCell, writeNotebook } from "../../support/notebook.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const call = `import { parameters } from "assay";
console.log("ran");
const params = parameters({
  steps: 200, // how many steps
  mode: { default: "fast", choices: ["fast", "slow"], description: "which way" },
  rate: { default: 0.1, min: 0, max: 1 },
  size: Math.max(1, 2),
});`;
const tagged: TestCell = {
  source: "const steps = 200; // how many\nlet mode: 'fast' | 'slow' = 'fast';",
  tags: ["parameters"],
};

interface Result {
  readonly status: string;
  readonly executionId: string;
  readonly outputs: readonly { readonly text?: readonly string[] }[];
}

const storeBeside = (path = "") => join(dirname(path), "store");

async function results(args: readonly string[]): Promise<Result[]> {
  const { code, stdout, stderr } = await assay([
    "run",
    ...args,
    "--store",
    storeBeside(args[0]),
    "--json",
    "--no-check",
  ]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Result[];
}

const textOf = (result: Result | undefined) => result?.outputs.flatMap(({ text = [] }) => text).join("");

test("parameters of a call are overridden, read by type, and recorded", { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, [call, "console.log(JSON.stringify(params))"]);
  assert.equal(textOf((await results([path]))[1]), '{"steps":200,"mode":"fast","rate":0.1,"size":2}\n');
  const out = join(folder, "out.ipynb");
  const args = ["--param", "steps=50", "--param", "mode=slow", "--param", "size=7", "-o", out];
  const given = await results([path, ...args]);
  assert.equal(textOf(given[1]), '{"steps":50,"mode":"slow","rate":0.1,"size":7}\n');
  const show = ["records", "show", given[0]?.executionId ?? "", "--json", "--store", join(folder, "store")];
  const record = (JSON.parse((await assay(show)).stdout) as Record<"parameters" | "params", unknown>[])[0]!;
  assert.deepEqual(record.params, { steps: 50, mode: "slow", rate: 0.1, size: 7 });
  assert.deepEqual(record.parameters, { steps: 50, mode: "slow", size: "7" });
  const { cells, metadata } = readJson(out);
  assert.equal(cells.length, 2, "a call reads its values from the run, not from a cell");
  assert.deepEqual((metadata.assay as Record<string, unknown>).parameters, { steps: 50, mode: "slow", size: "7" });
});

test("what is wrong with a parameter is said before any cell runs", { timeout: 120_000 }, async (t) => {
  const path = writeNotebook(temporaryFolder(t), [call, "1"]);
  for (const [param, said] of [
    ["stpes=1", /--param stpes: the notebook declares no such parameter\. Did you mean steps\?/],
    ["steps=many", /--param steps=many: steps is a number, and many is not/],
    ["mode=slw", /one of "fast" \| "slow", and slw is not\. Use slow/],
    ["rate=2", /number from 0 to 1, and 2 is not/],
  ] as const) {
    const { code, stderr, stdout } = await assay([
      "run",
      path,
      "--store",
      storeBeside(path),
      "--param",
      param,
      "--no-check",
    ]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr + stdout, /ran/);
  }
});

test("a value whose declaration is computed is checked by its cell", { timeout: 120_000 }, async (t) => {
  const path = writeNotebook(temporaryFolder(t), [call]);
  const { code, stderr } = await assay([
    "run",
    path,
    "--store",
    storeBeside(path),
    "--param",
    "size=wide",
    "--no-check",
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /parameter size: size is a number, and wide is not/);
});

test("a parameter without a default must be given", { timeout: 120_000 }, async (t) => {
  const cell =
    'import { parameters } from "assay"; const p = parameters({ data: { type: "string" } }); console.log(p.data)';
  const path = writeNotebook(temporaryFolder(t), [cell]);
  const { code, stderr } = await assay(["run", path, "--store", storeBeside(path), "--no-check"]);
  assert.equal(code, 2);
  assert.match(stderr, /parameter data: it has no default and was not given \(string\)\. Run with --param data=/);
  assert.equal(textOf((await results([path, "--param", "data=123"]))[0]), "123\n");
});

test("a tagged cell keeps papermill's convention", { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, ["'before'", tagged, "console.log(steps, mode)"]);
  const out = join(folder, "out.ipynb");
  const first = await results([path, "--param", "steps=5", "--param", "mode=slow", "-o", out]);
  assert.equal(textOf(first[2]), "5 slow\n");
  const show = ["records", "show", first[1]?.executionId ?? "", "--json", "--store", join(folder, "store")];
  assert.deepEqual((JSON.parse((await assay(show)).stdout) as { params: unknown }[])[0]?.params, {
    steps: 5,
    mode: "slow",
  });
  const judge = `import sys, nbformat; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n)
print([(c.metadata.get("tags"), c.source) for c in n.cells])`;
  const read = (file: string) => execFileSync("/usr/bin/python3", ["-c", judge, file], { encoding: "utf8" });
  assert.match(
    read(out),
    /\(\['parameters'\], .*\), \(\['injected-parameters'\], '\/\/ Parameters\\nlet steps = 5;\\nlet mode = "slow";'\), \(\[\], 'console/,
  );
  // What an earlier run injected gives way to what this one is given, and holds where nothing is.
  assert.equal(textOf((await results([out]))[3]), "5 slow\n");
  const again = join(folder, "again.ipynb");
  assert.equal(textOf((await results([out, "--param", "steps=9", "-o", again]))[3]), "9 fast\n");
  assert.equal(readJson(again).cells.length, 4);
  const { code, stderr } = await assay([
    "run",
    path,
    "--store",
    storeBeside(path),
    "--param",
    "mode=slaw",
    "--no-check",
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /one of "fast" \| "slow"/);
});

test("a notebook that declares nothing gets variables", { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, ["console.log(typeof count, typeof name, list)"]);
  const out = join(folder, "out.ipynb");
  const given = ["--param", "count=3", "--param", "name=x", "--param", "list=[1]"];
  assert.equal(textOf((await results([path, ...given, "-o", out]))[0]), "number string [ 1 ]\n");
  assert.deepEqual(readJson(out).cells[0]?.metadata, { tags: ["injected-parameters"] });
});

test("--help lists the parameters without running anything", { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, [call]);
  const { code, stdout } = await assay(["run", path, "--help"]);
  assert.equal(code, 0);
  assert.match(stdout, /Usage: assay run/);
  assert.match(stdout, /steps +number +200 +how many steps\n/);
  assert.match(stdout, /mode +"fast" \| "slow" +"fast" +which way\n/);
  assert.match(stdout, /rate +number from 0 to 1 +0\.1\n/);
  assert.match(stdout, /size +Math\.max\(1, 2\)\n/);
  assert.doesNotMatch(stdout, /^ran/m);
  const json = JSON.parse((await assay(["run", path, "--help", "--json"])).stdout) as { name: string }[];
  assert.deepEqual(
    json.map(({ name }) => name),
    ["steps", "mode", "rate", "size"],
  );
  assert.equal((await assay(["run", join(folder, "no.ipynb"), "--help"])).code, 2);
});
