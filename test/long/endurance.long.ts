import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { CellSource } from "../../kernel/protocol/messages.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { startKernel } from "../support/kernel.ts";
import { type HeldMemory, MemoryProbe, median, megabytes, taken } from "../support/soak/memory.ts";
import { temporaryFolder } from "../support/temporary.ts";

const cells = Number(process.env.ASSAY_SOAK_CELLS ?? 10_000);
/** Cells between two measurements. */
const warm = cells / 10;
const allowed = 1.1;

/** A notebook of fifty cells, which a person runs again and again. Every third round edits them. */
function cellAt(run: number): CellSource {
  const place = run % 50;
  const round = Math.floor(run / 50);
  const edit = Math.floor(round / 3);
  const source = [
    () => `1 + ${place}`,
    () => `const c${place} = ${edit}; let text${place} = "${"x".repeat(20)}${edit}"; c${place} + text${place}.length`,
    () => `const chained = (typeof chained === "number" ? 0 : 0) + c${place - 1}; chained * 2`,
    () => `display(Array.from({ length: 20 }, (_, row) => ({ row, value: row * ${edit}, name: "row " + row })))`,
    () => `for (let n = 0; n < 5; n++) console.log("line", n, ${edit})`,
    () => `const found: string[] = []; for (const n of [1, 2, 3]) found.push(\`\${n} of ${edit}\`); found`,
    () => `const broken = { at: ${edit} }\nthrow new Error("no ${edit}: " + broken.at)`,
    () => `function area${place}(w: number, h: number): number { return w * h * ${edit + 1} }\narea${place}(2, 3)`,
    () => `await new Promise((done) => setTimeout(done, 0)); found.map((one) => one.length)`,
    () => `enum Level { Low = ${edit}, High }\nclass Box { constructor(readonly n: number) {} }\nnew Box(Level.High)`,
  ][place % 10]!();
  return { id: `cell-${place}`, index: place + 1, source };
}

test(`${cells} cells in one session take no more memory and time at the end than at the beginning`, async (t) => {
  const folder = temporaryFolder(t);
  const probe = new MemoryProbe(join(folder, "probe"));
  const outputs: Output[] = [];
  await using kernel = await startKernel(
    { path: join(folder, "long.ipynb") },
    (event) => event.type === "output" && outputs.push(event.output),
    probe.env,
  );
  await kernel.execute({ id: "pid", index: 1, source: "console.log(process.pid)" });
  const printed = outputs.find((one) => one.type === "stream");
  const cellPid = Number(printed?.type === "stream" ? printed.text : Number.NaN);
  await kernel.request("notebook/cells", { cells: Array.from({ length: 50 }, (_, at) => cellAt(at)) });

  const durations: number[] = [];
  const statuses = { ok: 0, error: 0 };
  const held: { at: number; session: HeldMemory; cells: HeldMemory }[] = [];
  for (let run = 0; run < cells; run++) {
    outputs.length = 0;
    const cell = cellAt(run);
    const began = performance.now();
    const { status } = await kernel.execute(cell);
    durations.push(performance.now() - began);
    if (status === "ok" || status === "error") statuses[status]++;
    if (status === "error") {
      const error = outputs.find((one) => one.type === "error");
      assert.equal(error?.ename, "Error", JSON.stringify(error));
      // Traces name the lines of cells, however old.
      assert.match(error.traceback.join("\n"), /cell #\d+:2:\d+/);
    }
    if ((run + 1) % warm === 0) {
      held.push({ at: run + 1, session: await probe.held(kernel.pid), cells: await probe.held(cellPid) });
      const latest = held.at(-1)!;
      const p50 = median(durations.slice(-warm));
      t.diagnostic(
        `${run + 1} cells: p50 ${p50.toFixed(2)} ms; session ${figures(latest.session)}; cells ${figures(latest.cells)}`,
      );
    }
  }
  assert.equal(statuses.ok + statuses.error, cells);
  assert.equal(statuses.error, cells / 10);

  // Caches of the database and the engine fill up during the first stretches; both baselines end with the second.
  const first = held[1]!;
  const last = held.at(-1)!;
  for (const process of ["session", "cells"] as const) {
    const growth = last[process].heapUsed / first[process].heapUsed;
    assert.ok(growth < allowed, `the heap of the process of the ${process} grew to ${growth.toFixed(2)} times`);
    const resident = taken(last[process]) / taken(first[process]);
    assert.ok(resident < allowed, `the process of the ${process} grew to ${resident.toFixed(2)} times`);
  }
  // Other work on the machine comes and goes: the quietest of some stretches tells what the kernel itself takes.
  const early = quietest(durations.slice(warm, 2 * warm));
  const late = quietest(durations.slice(-warm));
  t.diagnostic(`p50 of the quietest stretch: ${early.toFixed(2)} ms, then ${late.toFixed(2)} ms`);
  assert.ok(late < early * allowed, `a cell takes ${late.toFixed(2)} ms instead of ${early.toFixed(2)} ms`);
});

function figures(held: HeldMemory): string {
  return `${megabytes(held.rss)} resident, ${megabytes(taken(held))} without free heap, heap ${megabytes(held.heapUsed)}`;
}

/** The least median among stretches of whole rounds of the notebook. */
function quietest(durations: readonly number[]): number {
  const stretches: number[] = [];
  for (let at = 0; at + 150 <= durations.length; at += 150) stretches.push(median(durations.slice(at, at + 150)));
  return Math.min(...stretches);
}
