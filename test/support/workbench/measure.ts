import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNotebook } from "./notebook-file.ts";
import { Workbench } from "./workbench.ts";

/** What a fresh window takes, in milliseconds. */
export interface StartTimes {
  /** Activation of the extension as VS Code counts it: loading its code and calling `activate`. */
  readonly activation: number;
  /** From Shift+Enter on the first cell until its result is drawn; the kernel starts meanwhile. */
  readonly firstResult: number;
}

/** Opens an installed package in a workbench, several windows one after the other, and measures each. The first one finds cold caches. */
export async function measureStart(vsix: string, windows = 4): Promise<StartTimes[]> {
  const folder = await mkdtemp(join(tmpdir(), "assay-measure-"));
  const files = Array.from({ length: windows }, (_, i) => join(folder, `first-${i}.ipynb`));
  await mkdir(join(folder, ".assay"));
  for (const file of files) await writeNotebook(file, [firstCell]);
  const workbench = await Workbench.open({ folder, file: files[0], extension: null, vsix });
  try {
    const times: StartTimes[] = [];
    for (const [i, file] of files.entries()) {
      if (i > 0) await workbench.reload(file);
      await workbench.notebookReady();
      const firstResult = await timeToResult(workbench);
      times.push({ activation: await activationTime(workbench), firstResult });
      await workbench.command("View: Close All Editors");
    }
    return times;
  } finally {
    await workbench[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first cell of a notebook whose start is measured. */
export const firstCell = 'const six = 6;\n"the first result is " + six * 7';

/** Runs {@link firstCell}, which is cell 0 of the open notebook, saves, and returns the milliseconds until its result was drawn. */
export async function timeToResult(workbench: Workbench): Promise<number> {
  await workbench.cell(0).locator(".monaco-editor").first().click();
  const result = workbench.outputs.getByText("the first result is 42").waitFor();
  const asked = performance.now();
  await workbench.page.keyboard.press("Shift+Enter");
  await result;
  const took = performance.now() - asked;
  await workbench.save();
  return took;
}

/** The activation time of Assay that *Developer: Show Running Extensions* tells, in milliseconds. */
export async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.command("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "Assay" });
  const told = await row.locator(".activation-time").first().innerText();
  const found = /Activation: (\d+)ms/.exec(told);
  if (!found) throw new Error(`VS Code tells no activation time of Assay, only "${told}".`);
  await workbench.command("View: Close Editor");
  return Number(found[1]);
}

/** The one in the middle of some measurements; of two in the middle the larger. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
