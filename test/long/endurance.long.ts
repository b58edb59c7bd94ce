import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { CellSource } from "../../kernel/protocol/messages.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { startKernel } from "../support/kernel.ts";
import { type HeldMemory, MemoryProbe, median, megabytes, taken } from "../support/soak/memory.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** A multiple of 2,000, so that each tenth has whole rounds of both sessions. */
const cells = Number(process.env.ASSAY_SOAK_CELLS ?? 10_000);
/** Cells between two measurements. */
const warm = cells / 10;
const allowed = 1.1;

/** Cells of the notebook. */
const size = 50;

/** A notebook of fifty cells, which a person runs again and again. Every third round edits them. */
function cellAt(run: number): CellSource {
  const place = run % size;
  const round = Math.floor(run / size);
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
  const probe = new MemoryProbe(join(temporaryFolder(t), "probe"));
  await using session = await openSession(temporaryFolder(t), probe.env);
  // How fast the machine is changes within seconds by more than what is looked for: times are told in those of another
  // session, which has run some thousands of cells, and runs a round of the notebook after every fourth of the first.
  await using clock = await openSession(temporaryFolder(t), probe.env);
  for (let run = 0; run < 2 * warm; run++) await clock.time(run);

  const held: { session: HeldMemory; cells: HeldMemory }[] = [];
  const times: number[] = [];
  const clockTimes: number[] = [];
  /** How long a cell takes between two tenths of the test, and how many times as long as in the other session. */
  const typical = (from: number, to: number) => {
    const part = (all: readonly number[]) =>
      median(all.slice(from * (all.length / held.length), to * (all.length / held.length)));
    return { p50: part(times), relative: part(times) / part(clockTimes) };
  };
  for (let run = 1; run <= cells; run++) {
    times.push(await session.time(run - 1));
    if (run % (4 * size) === 0) for (let at = run - size; at < run; at++) clockTimes.push(await clock.time(at));
    if (run % warm !== 0) continue;
    held.push({ session: await probe.held(session.pid), cells: await probe.held(session.cellPid) });
    const latest = held.at(-1)!;
    const { p50, relative } = typical(held.length - 1, held.length);
    t.diagnostic(
      `${run} cells: p50 ${p50.toFixed(2)} ms, ${relative.toFixed(2)} times the other's; session ${figures(latest.session)}; cells ${figures(latest.cells)}`,
    );
  }

  // Caches of the database and the engine fill up during the first stretches; both baselines of memory end with the second.
  const first = held[1]!;
  const last = held.at(-1)!;
  for (const process of ["session", "cells"] as const) {
    const growth = last[process].heapUsed / first[process].heapUsed;
    assert.ok(growth < allowed, `the heap of the process of the ${process} grew to ${growth.toFixed(2)} times`);
    const resident = taken(last[process]) / taken(first[process]);
    assert.ok(resident < allowed, `the process of the ${process} grew to ${resident.toFixed(2)} times`);
  }
  const early = typical(1, 4).relative;
  const late = typical(7, 10).relative;
  t.diagnostic(`a cell takes ${(late / early).toFixed(2)} times as long at the end`);
  assert.ok(late < early * allowed, `a cell takes ${(late / early).toFixed(2)} times as long`);
});

interface Session extends AsyncDisposable {
  readonly pid: number;
  readonly cellPid: number;
  /** Runs a cell of the notebook, and gives the milliseconds it took. */
  time(run: number): Promise<number>;
}

/** A session of the notebook, with a store of its own in the folder. */
async function openSession(folder: string, env: Readonly<Record<string, string>>): Promise<Session> {
  const outputs: Output[] = [];
  const kernel = await startKernel(
    { path: join(folder, "long.ipynb") },
    (event) => event.type === "output" && outputs.push(event.output),
    env,
  );
  await kernel.execute({ id: "pid", index: 1, source: "console.log(process.pid)" });
  const printed = outputs.find((one) => one.type === "stream");
  await kernel.request("notebook/cells", { cells: Array.from({ length: size }, (_, at) => cellAt(at)) });
  return {
    pid: kernel.pid,
    cellPid: Number(printed?.type === "stream" ? printed.text : Number.NaN),
    async time(run) {
      outputs.length = 0;
      const cell = cellAt(run);
      const began = performance.now();
      const { status } = await kernel.execute(cell);
      const milliseconds = performance.now() - began;
      assert.equal(status, run % 10 === 6 ? "error" : "ok");
      if (status === "error") {
        const error = outputs.find((one) => one.type === "error");
        assert.equal(error?.ename, "Error", JSON.stringify(error));
        // Traces name the lines of cells, however old.
        assert.match(error.traceback.join("\n"), /cell #\d+:2:\d+/);
      }
      return milliseconds;
    },
    [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose](),
  };
}

function figures(held: HeldMemory): string {
  return `${megabytes(held.rss)} resident, ${megabytes(taken(held))} without free heap, heap ${megabytes(held.heapUsed)}`;
}
