import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Workbench } from "../support/workbench/workbench.ts";

const root = join(import.meta.dirname, "../..");

let folder: string;
let workbench: Workbench;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-commands-"));
  await mkdir(join(folder, ".assay"));
  workbench = await Workbench.open({
    folder,
    inHost: join(root, "test/support/workbench/in-host/every-command.cjs"),
  });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("every command is registered, and ends without an error when no notebook is open", {
  timeout: 240_000,
}, async () => {
  const { contributes } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const file = join(folder, "commands.json");
  // A file dialog of the workbench is closed by hand; commands that ask are closed from inside.
  for (let attempt = 0; !existsSync(file); attempt++) {
    assert.ok(attempt < 400, "the commands did not come to their end");
    await workbench.page.waitForTimeout(500);
  }
  const results: Record<string, string> = JSON.parse(await readFile(file, "utf8"));
  assert.deepEqual(
    Object.entries(results).filter(([, result]) => result !== "ok"),
    [],
  );
  assert.equal(Object.keys(results).length, contributes.commands.length);
  await workbench.screenshot("commands-without-notebook");
});
