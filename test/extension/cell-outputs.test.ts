import "../support/vscode-stand-in/register.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type * as vscode from "vscode";
import type { Display, OutputTarget } from "../../extension/notebook/cell-outputs.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";

const { CellOutputs } = await import("../../extension/notebook/cell-outputs.ts");

/** A cell as VS Code would hold it, and the calls that reached it. */
function makeCell() {
  const outputs: vscode.NotebookCellOutput[] = [];
  const calls: string[] = [];
  const target: OutputTarget = {
    async appendOutput(output) {
      calls.push("appendOutput");
      outputs.push(...[output].flat());
    },
    async appendOutputItems(items, output) {
      calls.push("appendOutputItems");
      assert.ok(outputs.includes(output), "the output is in the cell");
      output.items.push(...[items].flat());
    },
    async replaceOutputItems(items, output) {
      calls.push("replaceOutputItems");
      assert.ok(outputs.includes(output), "the output is in the cell");
      output.items = [items].flat();
    },
    async replaceOutput(output) {
      calls.push("replaceOutput");
      outputs.splice(0, outputs.length, ...[output].flat());
    },
    async clearOutput() {
      calls.push("clearOutput");
      outputs.length = 0;
    },
  };
  const text = () => outputs.map((output) => output.items.map((item) => new TextDecoder().decode(item.data)).join(""));
  return { cell: { outputs } as unknown as vscode.NotebookCell, outputs, calls, target, text };
}

const noElsewhere = async () => assert.fail("no other cell has a display");
const out = (text: string): Output => ({ type: "stream", name: "stdout", text });
const err = (text: string): Output => ({ type: "stream", name: "stderr", text });
const shown = (id: string, text: string, update = false): Output => ({
  type: "display",
  data: { "text/plain": text },
  displayId: id,
  update,
});

test("a hundred thousand lines become few calls, and every line arrives in order", async () => {
  const { cell, target, calls, text } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`);
  for (const line of lines) outputs.add(out(line), target);
  await outputs.flush(target);
  assert.equal(text().join(""), lines.join(""));
  assert.ok(calls.length < 5, `${calls.length} calls`);
});

test("text goes on in the same output until something else comes between", async () => {
  const { cell, target, text, outputs: made } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  for (const output of [out("a"), err("b"), out("c"), shown("d", "e"), out("f")]) {
    outputs.add(output, target);
    await outputs.flush(target);
  }
  outputs.add(out("g"), target);
  await outputs.flush(target);
  assert.deepEqual(text(), ["a", "b", "c", "e", "fg"]);
  assert.deepEqual(
    made.map((output) => output.metadata?.outputType),
    ["stream", "stream", "stream", "display_data", "stream"],
  );
});

test("thousands of changes between the streams stay below VS Code's limit of 500 outputs, and lose no text", async () => {
  const { cell, target, text, outputs: made } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  for (let i = 0; i < 2000; i++) {
    outputs.add(out(`o${i};`), target);
    outputs.add(err(`e${i};`), target);
  }
  await outputs.flush(target);
  assert.ok(made.length <= 110, `${made.length} outputs`);
  const all = text().join("");
  for (let i = 0; i < 2000; i++) assert.ok(all.includes(`o${i};`) && all.includes(`e${i};`));
});

test("a display is updated in place, also from another cell", async () => {
  const first = makeCell();
  const displays = new Map<string, Display>();
  const one = new CellOutputs(first.cell, displays, noElsewhere);
  one.add(shown("bar", "10 %"), first.target);
  one.add(out("text"), first.target);
  one.add(shown("bar", "20 %", true), first.target);
  await one.flush(first.target);
  assert.deepEqual(first.text(), ["20 %", "text"]);

  const second = makeCell();
  const two = new CellOutputs(
    second.cell,
    displays,
    (display, items) => first.target.replaceOutputItems(items, display.output) as Promise<void>,
  );
  two.add(shown("bar", "100 %", true), second.target);
  await two.flush(second.target);
  assert.deepEqual(first.text(), ["100 %", "text"]);
  assert.deepEqual(second.text(), []);
});

test("clear removes at once, or with the next output when it waits", async () => {
  const { cell, target, text } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  outputs.add(out("old"), target);
  await outputs.flush(target);
  outputs.add({ type: "clear", wait: true }, target);
  await outputs.flush(target);
  assert.deepEqual(text(), ["old"]);
  outputs.add(out("new"), target);
  await outputs.flush(target);
  assert.deepEqual(text(), ["new"]);
  outputs.add({ type: "clear", wait: false }, target);
  await outputs.flush(target);
  assert.deepEqual(text(), []);
});

test("errors and results keep what the notebook file needs", async () => {
  const { cell, target, outputs: made } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  outputs.add(
    { type: "error", ename: "TypeError", evalue: "no", traceback: ["TypeError: no", "  at cell 1:2"] },
    target,
  );
  outputs.add(
    { type: "result", data: { "text/plain": "5", "image/png": "aGk=", "application/json": { a: 1 } } },
    target,
    7,
  );
  await outputs.flush(target, 7);
  const [error, result] = made;
  assert.deepEqual(error?.metadata?.originalError, {
    output_type: "error",
    ename: "TypeError",
    evalue: "no",
    traceback: ["TypeError: no", "  at cell 1:2"],
  });
  assert.deepEqual(result?.metadata, { outputType: "execute_result", executionCount: 7, metadata: {} });
  assert.deepEqual(
    result?.items.map((item) => [item.mime, Buffer.from(item.data).toString()]),
    [
      ["text/plain", "5"],
      ["image/png", "hi"],
      ["application/json", '{"a":1}'],
    ],
  );
});

test("progress that ran to its end is taken away when the cell ends, and nothing else", async () => {
  const { cell, target, calls, outputs: made } = makeCell();
  const outputs = new CellOutputs(cell, new Map(), noElsewhere);
  const bar = (id: string, state: string): Output => ({
    type: "display",
    data: { "application/vnd.assay.progress.v1+json": { label: "work", done: 3, total: 3, unit: "step", state } },
    displayId: id,
    transient: true,
  });
  for (const output of [out("a\n"), bar("p1", "done"), bar("p2", "failed"), shown("t", "text")])
    outputs.add(output, target);
  await outputs.flush(target);
  assert.equal(made.length, 4);
  await outputs.tidy(target);
  assert.deepEqual(
    made.map(({ items }) => items[0]!.mime),
    ["application/vnd.code.notebook.stdout", "application/vnd.assay.progress.v1+json", "text/plain"],
  );
  outputs.add(shown("t", "later", true), target);
  await outputs.flush(target);
  assert.equal(new TextDecoder().decode(made[2]!.items[0]!.data), "later", "the display is still known by its name");
  await outputs.tidy(target);
  assert.equal(calls.filter((call) => call === "replaceOutput").length, 1);
});
