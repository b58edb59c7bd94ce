import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Workbench } from "../support/workbench/workbench.ts";

let folder: string;
let workbench: Workbench;
const limit = { timeout: 240_000 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-unknown-"));
  await mkdir(join(folder, ".assay"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  workbench = await Workbench.open({ folder });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A notebook as another program's kernel leaves it. */
function notebook(kernelspec: object, languageInfo: object, ...sources: readonly string[]): string {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", execution_count: null, id: `cell-${i}`, metadata: {}, outputs: [] },
    source: [source],
  }));
  const metadata = { kernelspec, language_info: languageInfo };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

const files = {
  "deno.ipynb": notebook(
    { display_name: "Deno", language: "typescript", name: "deno" },
    { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript", version: "5.8.3" },
    'const seen: string = "by Deno";\n"made " + seen',
    "Deno.version.deno",
  ),
  "tslab.ipynb": notebook(
    { display_name: "TypeScript", language: "typescript", name: "tslab" },
    { file_extension: ".ts", mimetype: "text/typescript", name: "typescript", version: "3.7.2" },
    '"made " + "by tslab"',
    'import * as tslab from "tslab";',
  ),
  "node.ipynb": notebook(
    { display_name: "JavaScript (Node.js)", language: "javascript", name: "javascript" },
    { file_extension: ".js", mimetype: "application/javascript", name: "javascript", version: "18.0.0" },
    'var os = require("os");\n"made by IJavascript on " + typeof os.cpus',
  ),
  "python.ipynb": notebook(
    { display_name: "Python 3", language: "python", name: "python3" },
    { file_extension: ".py", mimetype: "text/x-python", name: "python", version: "3.11.2" },
    "import math\nprint(math.pi)",
  ),
  "empty.ipynb": "",
  "broken.ipynb": '{ "cells": [',
} as const;

async function open(name: keyof typeof files): Promise<void> {
  await workbench.closeEditors();
  await workbench.openFile(join(folder, name));
}

async function saved(name: keyof typeof files) {
  await workbench.save();
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

for (const [name, made, wrong] of [
  ["deno.ipynb", "made by Deno", "Deno is not defined"],
  ["tslab.ipynb", "made by tslab", "npm install tslab"],
] as const) {
  test(`${name} runs at once; what only its own kernel has is an error that says so`, limit, async () => {
    await open(name);
    await workbench.notebookReady();
    await workbench.run(0);
    await workbench.succeeded(0);
    await workbench.outputs.getByText(made).first().waitFor();
    await workbench.run(1);
    await workbench.failed(1);
    await workbench.outputs.getByText(wrong).first().waitFor();
    await workbench.screenshot(`unknown-${name.split(".")[0]}`);
    const { metadata, cells } = await saved(name);
    assert.deepEqual(metadata.kernelspec, {
      display_name: "TypeScript (Assay)",
      language: "typescript",
      name: "assay",
    });
    // The rest of what the other program wrote stays.
    assert.equal(metadata.language_info.version, JSON.parse(files[name]).metadata.language_info.version);
    assert.equal(cells[0].outputs[0].output_type, "execute_result");
  });
}

test("a JavaScript notebook runs with Assay when one chooses it", limit, async () => {
  await open("node.ipynb");
  // The only kernel there is.
  await workbench.notebookReady();
  await workbench.run(0);
  await workbench.succeeded(0);
  await workbench.outputs.getByText("made by IJavascript on function").first().waitFor();
});

test("a Python notebook is left alone", limit, async () => {
  await open("python.ipynb");
  await workbench.cell(0).waitFor();
  await workbench.run(0);
  await workbench.page.waitForTimeout(2000);
  assert.equal(await workbench.status("assay.kernel").count(), 0);
  assert.equal(await workbench.status("assay.mode").count(), 0);
  const state = ".codicon-notebook-state-success, .codicon-notebook-state-error";
  assert.equal(await workbench.cell(0).locator(state).count(), 0);
  assert.equal(await readFile(join(folder, "python.ipynb"), "utf8"), files["python.ipynb"]);
});

test("an empty file becomes a notebook with its first cell", limit, async () => {
  await open("empty.ipynb");
  await workbench.page.locator(".kernel-label:visible", { hasText: "Assay" }).first().waitFor();
  await workbench.page.locator(".notebook-toolbar-container:visible").getByText("Code", { exact: true }).click();
  await workbench.cell(0).locator(".monaco-editor").first().click();
  await workbench.page.keyboard.insertText('"from " + (3 - 3) + " bytes"');
  await workbench.page.keyboard.press("Shift+Enter");
  await workbench.succeeded(0);
  await workbench.outputs.getByText("from 0 bytes").first().waitFor();
  const { metadata, cells, nbformat } = await saved("empty.ipynb");
  assert.equal(nbformat, 4);
  assert.equal(metadata.kernelspec.name, "assay");
  assert.equal(metadata.language_info.name, "typescript");
  assert.deepEqual(cells[0].outputs[0].data["text/plain"], ["'from 0 bytes'"]);
  await workbench.screenshot("unknown-empty");
});

test("a broken file stays as it is, is offered as text, and the rest of the window works", limit, async () => {
  await open("broken.ipynb");
  await workbench.page.getByText("Open in Text Editor").first().waitFor();
  await workbench.command("Assay: Focus on Experiments View");
  await workbench.rows("Experiments").first().waitFor();
  await workbench.command("Assay: Search Records");
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "deno.ipynb" }).first().waitFor();
  await workbench.page.keyboard.press("Escape");
  assert.equal(await readFile(join(folder, "broken.ipynb"), "utf8"), files["broken.ipynb"]);
});
