import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** Name and `nice` of each thread, and `nice` of a program that the cell starts. */
const look = `import { readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
const niceOf = (stat: string) => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
const threads = readdirSync("/proc/self/task").map((id) => {
  const read = (file: string) => readFileSync(\`/proc/self/task/\${id}/\${file}\`, "utf8");
  return { name: read("comm").trim(), nice: niceOf(read("stat")) };
});
const child = niceOf(execFileSync("cat", ["/proc/self/stat"], { encoding: "utf8" }));
console.log(JSON.stringify({ threads, child }));`;

test("V8's helper threads stand back behind the cells, and nobody else does", {
  skip: process.platform !== "linux",
}, async (t) => {
  let text = "";
  await using kernel = await startKernel({ path: join(temporaryFolder(t), "threads.ipynb") }, (event: SessionEvent) => {
    if (event.type === "output" && event.output.type === "stream") text += event.output.text;
  });
  const reply = await kernel.execute({ id: "look", index: 1, source: look });
  assert.equal(reply.status, "ok", text);
  const { threads, child } = JSON.parse(text) as { threads: { name: string; nice: number }[]; child: number };
  const helpers = threads.filter(({ name }) => name.startsWith("V8Worker"));
  const others = threads.filter(({ name }) => !name.startsWith("V8Worker"));
  assert.ok(others.length > 1);
  // Older versions of Node do not name them, and then nobody can tell them apart.
  if (Number.parseInt(process.versions.node, 10) >= 24) assert.ok(helpers.length > 0, text);
  for (const { nice } of others) assert.equal(nice, child);
  for (const { nice } of helpers) assert.equal(nice, Math.min(child + 5, 19));
});
