import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { writeNotebook } from "../support/workbench/notebook-file.ts";
import { Workbench } from "../support/workbench/workbench.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

let folder: string;
let vsix: string;
let workbench: Workbench;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-package-"));
  vsix = join(folder, "assay.vsix");
  await run(process.execPath, [join(root, "scripts/package.mjs"), "--out", vsix], { cwd: root, maxBuffer: 64 << 20 });
  const work = join(folder, "work");
  await mkdir(join(work, ".assay"), { recursive: true });
  await writeNotebook(join(work, "fresh.ipynb"), cells);
  workbench = await Workbench.open({
    folder: work,
    file: join(work, "fresh.ipynb"),
    extension: null,
    vsix,
    trust: true,
  });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const cells = [
  `import { display, generate } from "assay";
const images = await generate.image({ prompts: ["a red cube on sand ground", "a blue torus under a night sky"], steps: 4, seed: 3 });
display.images(images, { title: "From the installed package" });`,
] as const;

test("an untrusted folder gets no kernel, and nothing runs", { timeout: 240_000 }, async () => {
  await workbench.page.getByText("Restricted Mode", { exact: true }).first().waitFor();
  await workbench.cell(0).waitFor();
  await workbench.run(0);
  await workbench.page.waitForTimeout(1500);
  await workbench.page.keyboard.press("Escape");
  assert.equal(await workbench.status("assay.kernel").count(), 0);
  assert.equal(await workbench.page.locator(".kernel-label:visible", { hasText: "Assay" }).count(), 0);
  assert.equal(
    await workbench.cell(0).locator(".codicon-notebook-state-success, .codicon-notebook-state-error").count(),
    0,
  );
});

test("once the folder is trusted, the installed package generates images with its own model", {
  timeout: 240_000,
}, async () => {
  await workbench.command("Workspaces: Manage Workspace Trust");
  await workbench.page.getByRole("button", { name: "Trust", exact: true }).first().click();
  await workbench.openFile(join(folder, "work/fresh.ipynb"));
  await workbench.notebookReady();
  await workbench.run(0);
  await workbench.succeeded(0);
  const images = workbench.outputs.locator(".assay.images");
  await images.locator("img[src]").nth(1).waitFor();
  assert.match(await images.locator(".title").innerText(), /From the installed package/);
  await workbench.screenshot("installed-package");
});
