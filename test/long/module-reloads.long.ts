import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { startKernel } from "../support/kernel.ts";
import { type HeldMemory, MemoryProbe, megabytes, taken } from "../support/soak/memory.ts";
import { temporaryFolder } from "../support/temporary.ts";

const reloads = 1000;

test(`${reloads} reloads of a local module and of what imports it leave nothing behind`, async (t) => {
  const folder = temporaryFolder(t);
  const probe = new MemoryProbe(join(folder, "probe"));
  const outputs: Output[] = [];
  await using kernel = await startKernel(
    { path: join(folder, "modules.ipynb") },
    (event) => event.type === "output" && outputs.push(event.output),
    probe.env,
  );
  const shown = async (id: string, source: string) => {
    outputs.length = 0;
    const reply = await kernel.execute({ id, index: 1, source });
    assert.equal(reply.status, "ok", JSON.stringify(outputs));
    const [result] = outputs;
    return result?.type === "result" ? result.data["text/plain"] : undefined;
  };
  const write = (version: number) => {
    // A table of some size, so that a version that stays would be seen.
    const path = join(folder, "base.ts");
    writeFileSync(
      path,
      `export const version: number = ${version}; export const table = Array.from({ length: 4000 }, (_, n) => n + 0.5);`,
    );
    utimesSync(path, version, version);
  };
  writeFileSync(
    join(folder, "middle.ts"),
    "import { version, table } from './base.ts'; export const twice = () => version * 2; export const size = table.length;",
  );
  writeFileSync(join(folder, "top.ts"), "export * from './middle.ts'; export class Top { name = 'top' }");
  const pid = Number(await shown("pid", "process.pid"));

  let first: HeldMemory | undefined;
  for (let version = 1; version <= reloads; version++) {
    write(version);
    assert.equal(
      await shown("use", "import { twice, size, Top } from './top.ts'; new Top(); twice() + size"),
      `${version * 2 + 4000}`,
    );
    if (version === reloads / 10) first = await probe.held(pid);
  }
  const last = await probe.held(pid);
  assert.ok(first);
  t.diagnostic(
    `heap ${megabytes(first.heapUsed)} after ${reloads / 10} reloads, ${megabytes(last.heapUsed)} after ${reloads}`,
  );
  t.diagnostic(`resident without free heap ${megabytes(taken(first))}, then ${megabytes(taken(last))}`);
  // One version holds 32 kB of numbers.
  assert.ok(last.heapUsed - first.heapUsed < 2 ** 20, `the heap grew by ${megabytes(last.heapUsed - first.heapUsed)}`);
});
