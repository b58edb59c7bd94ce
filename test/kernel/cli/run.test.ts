import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assay, readJson, writeNotebook } from "../../support/notebook.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const fast = ["--no-check"];

/** nbformat's own judgement of a file. */
function validated(path: string): void {
  execFileSync("/usr/bin/python3", [
    "-c",
    "import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], 4))",
    path,
  ]);
}

test("an executed notebook is valid, keeps what it had, and says what ran", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(
    folder,
    [
      { kind: "markdown", source: "# Title\n\n<script>alert(1)</script> and `code`" },
      "const a: number = 20;\nconsole.log('hello');\nconsole.error('warned');\na * 2 + 2",
      "",
      "process.stdout.write('no newline'); display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>&amp;</b>' }) })",
    ],
    { custom: { kept: true }, assay: { id: "0198c0de-0000-7000-8000-000000000001", mode: "research_safe", seed: 5 } },
  );
  const out = join(folder, "deep", "out.ipynb");
  const html = join(folder, "out.html");
  const { code, stdout, stderr } = await assay(["run", path, "-o", out, "--html", html, "--json", ...fast]);
  assert.equal(code, 0, stderr);
  validated(out);
  const { cells, metadata } = readJson(out);
  assert.deepEqual(metadata.custom, { kept: true });
  assert.deepEqual(metadata.assay, { id: "0198c0de-0000-7000-8000-000000000001", mode: "research_safe", seed: 5 });
  assert.deepEqual(
    cells.map((cell) => cell.execution_count),
    [undefined, 1, null, 2],
  );
  assert.deepEqual(cells[1]?.outputs?.slice(0, 2), [
    { output_type: "stream", name: "stdout", text: ["hello\n"] },
    { output_type: "stream", name: "stderr", text: ["warned\n"] },
  ]);
  const results = JSON.parse(stdout) as { status: string; contentId: string | null }[];
  assert.deepEqual(
    results.map((one) => one.status),
    ["ok", "skipped", "ok"],
  );
  const shown = cells[1]?.outputs?.[2];
  assert.deepEqual(shown?.data, { "text/plain": ["42"] });
  assert.deepEqual(shown?.metadata, {});
  assert.deepEqual(cells[1]?.metadata.assay, { record: results[0]?.contentId }, "the cell carries its record");
  assert.match(stderr, /hello/);
  const page = readFileSync(html, "utf8");
  assert.match(page, /<h1>Title<\/h1>/);
  assert.match(page, /research_safe/);
  assert.match(page, /&#60;script&#62;/);
  assert.doesNotMatch(page, /<script/);
  assert.deepEqual(readdirSync(join(folder, "deep")), ["out.ipynb"]);
});

test("a cell that fails ends the run with 1; --allow-errors and a tag go on", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, ["throw new Error('stop here')", "console.log('went on')"]);
  const out = join(folder, "out.ipynb");
  const stopped = await assay(["run", path, "-o", out, ...fast]);
  assert.equal(stopped.code, 1);
  assert.equal(readJson(out).cells[1]?.execution_count, null);
  const allowed = await assay(["run", path, "-o", out, "--allow-errors", ...fast]);
  assert.equal(allowed.code, 1);
  assert.equal(readJson(out).cells[1]?.execution_count, 2);
  validated(out);
  const expected = writeNotebook(folder, [{ source: "throw new Error('wanted')", tags: ["raises-exception"] }, "1"]);
  assert.equal((await assay(["run", expected, ...fast])).code, 0);
});

test("parameters, seed and mode come from the command line", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, [
    { source: "const steps = 200; const name = 'none';", tags: ["parameters"] },
    "[steps, name, Math.random()]",
  ]);
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await assay(["run", path, "--json", ...fast, ...args]);
    assert.equal(code, 0, stderr);
    const results = JSON.parse(stdout) as { outputs: { data: Record<string, string[]> }[] }[];
    return results[1]?.outputs[0]?.data["text/plain"]?.join("") ?? "";
  };
  const first = await run("--param", "steps=10", "--param", "name=a=b", "--seed", "3");
  assert.match(first, /^\[ 10, 'a=b', 0\.\d+ \]$/);
  assert.equal(await run("--param", "steps=10", "--param", "name=a=b", "--seed", "3"), first);
  assert.notEqual(await run("--param", "steps=10", "--param", "name=a=b", "--seed", "4"), first);
});

test("a run waits for what the cells left pending, up to --timeout", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, ["setTimeout(() => console.log('came late'), 400); 1", "2"]);
  const out = join(folder, "out.ipynb");
  assert.equal((await assay(["run", path, "-o", out, ...fast])).code, 0);
  assert.match(JSON.stringify(readJson(out).cells[0]?.outputs), /came late/);
  const endless = writeNotebook(folder, ["setInterval(() => {}, 10); 1"]);
  const { code, stderr } = await assay(["run", endless, "--timeout", "2", ...fast]);
  assert.equal(code, 0);
  assert.match(stderr, /still pending after 2 s/);
});

test("a cell that takes longer than --timeout is stopped", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, ["while (true) {}", "1"]);
  const out = join(folder, "out.ipynb");
  const { code } = await assay(["run", path, "-o", out, "--timeout", "2", ...fast]);
  assert.equal(code, 1);
  assert.match(JSON.stringify(readJson(out).cells[0]?.outputs), /took longer than 2 s/);
});

test("Ctrl-C stops the cell, writes what there is, and exits with 130", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, [
    "console.log('started'); await new Promise(() => setTimeout(() => {}, 1e6))",
    "1",
  ]);
  const out = join(folder, "out.ipynb");
  const store = join(folder, "store");
  const { code } = await assay(["run", path, "-o", out, "--store", store, ...fast], {
    started: (signal) => {
      const timer = setInterval(() => {
        if (!existsSync(join(store, "records.sqlite"))) return;
        clearInterval(timer);
        setTimeout(() => signal("SIGINT"), 1500);
      }, 50);
    },
  });
  assert.equal(code, 130);
  validated(out);
  assert.equal(readJson(out).cells[1]?.execution_count, null);
});

test("a wrong notebook or option is named with the reason and the remedy, and exits with 2", async (t) => {
  const folder = temporaryFolder(t);
  const bad = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const python = { kernelspec: { name: "python3", language: "python" } };
  for (const [args, said] of [
    [[join(folder, "none.ipynb")], /none\.ipynb: there is no such file\. Check the path\./],
    [[bad("text.ipynb", "hello")], /text\.ipynb: it is not JSON \(.+\)\. Open it/],
    [[bad("cut.ipynb", '{"cells": [')], /cut\.ipynb: it is not JSON/],
    [[bad("list.ipynb", "[]")], /list\.ipynb: it is not a notebook: .+\. Name a Jupyter notebook/],
    [
      [bad("old.ipynb", '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}')],
      /old\.ipynb: it is not a notebook: nbformat/,
    ],
    [
      [bad("py.ipynb", JSON.stringify({ cells: [], metadata: python, nbformat: 4, nbformat_minor: 5 }))],
      /its cells are written in python/,
    ],
    [[writeNotebook(folder, ["1"]), "--mode", "anything"], /open_source_only/],
    [[writeNotebook(folder, ["1"]), "--param", "x"], /name=value/],
    [[writeNotebook(folder, ["1"]), "--seed", "half"], /whole number/],
    [[], /notebook/],
  ] as const) {
    const { code, stderr, stdout } = await assay(["run", ...args]);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, said);
    assert.equal(stdout, "");
  }
});

test("a store that cannot be made exits with 3 and says so", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "file"), "");
  const { code, stderr } = await assay(["run", writeNotebook(folder, ["1"]), "--store", join(folder, "file"), ...fast]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /it is a file, not a folder/);
});

test("displays are updated in place, and progress that came to its end is not kept", async (t) => {
  const folder = temporaryFolder(t);
  const path = writeNotebook(folder, [
    "import { display as show } from 'assay';\nconst bar = show.progress({ label: 'work', total: 3 }); for (let i = 1; i <= 3; i++) bar.update(i); bar.finish();\nconst live = show.live('first'); live.update('second');",
  ]);
  const out = join(folder, "out.ipynb");
  const { code, stderr } = await assay(["run", path, "-o", out, ...fast]);
  assert.equal(code, 0, stderr);
  validated(out);
  const outputs = readJson(out).cells[0]?.outputs ?? [];
  assert.equal(outputs.length, 1);
  assert.match(JSON.stringify(outputs), /second/);
  assert.doesNotMatch(JSON.stringify(outputs), /first/);
});
