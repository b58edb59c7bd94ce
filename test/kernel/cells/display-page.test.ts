import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const page = readFileSync(new URL("../../../docs/display.md", import.meta.url), "utf8");

test("every example of docs/display.md runs and shows what the page says", async (t) => {
  const events: SessionEvent[] = [];
  const path = join(import.meta.dirname, "notebook.ipynb");
  await using kernel = await startKernel(
    { path, store: join(temporaryFolder(t), "store") },
    (event) => void events.push(event),
  );
  const cells = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source]) => source!);
  for (const [at, source] of cells.entries()) {
    const { status } = await kernel.execute({ id: `${at}`, index: at + 1, source });
    assert.equal(status, "ok", `${source}\n${JSON.stringify(events.at(-1))}`);
  }
  const shown = (cell: number) =>
    events.flatMap((one) =>
      one.type === "output" && one.cellId === `${cell}` && "data" in one.output ? Object.keys(one.output.data) : [],
    );
  const assay = (kind: string) => `application/vnd.assay.${kind}.v1+json`;
  const expected = [
    [assay("value")],
    [assay("images"), "image/png"],
    [assay("images"), "text/html"],
    [assay("table"), "text/html"],
    [assay("plot"), "application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json", "image/svg+xml"],
    [assay("plot"), "image/svg+xml"],
    ["text/markdown", "text/html", "image/svg+xml", "text/latex", "application/json"],
    [assay("value")],
    [assay("progress")],
    [assay("progress")],
    ["text/html"],
  ];
  assert.equal(cells.length, expected.length);
  for (const [cell, mimes] of expected.entries())
    for (const mime of mimes) assert.ok(shown(cell).includes(mime), `${mime} in ${cells[cell]}`);
});
