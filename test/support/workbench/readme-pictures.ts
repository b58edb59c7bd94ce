// Pictures of the first sample in the real workbench, for the README, under out/readme: node test/support/workbench/readme-pictures.ts NOTEBOOK
// NOTEBOOK is the sample after a whole run, as `assay run samples/01-compliance-modes.ipynb -o NOTEBOOK` writes it, with its store beside it.
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Workbench } from "./workbench.ts";

const out = join(import.meta.dirname, "../../../out/readme");
const file = resolve(process.argv[2] ?? "");
await mkdir(out, { recursive: true });
await using workbench = await Workbench.open({ folder: dirname(file), file });
await workbench.page.setViewportSize({ width: 1360, height: 900 });
await workbench.notebookReady();
const code = await workbench.codeCells(file);
const output = (selector: string) => workbench.outputs.locator(selector);
for (const theme of ["dark", "light"] as const) {
  await workbench.setTheme(theme);
  for (const [name, cell, selector] of [
    ["compliance", code.at(-4)!, ".assay.compliance"],
    ["grid", code.at(-2)!, ".assay.images:has(.matrix)"],
    ["metrics", code.at(-1)!, ".assay.table:has-text('KID') >> nth=0"],
  ] as const) {
    await workbench.showOutput(cell, output(selector).first());
    // From its head on; the pointer rests where it shows nothing.
    for (let step = 0; step < 40; step++) {
      const box = await output(selector).first().boundingBox();
      if (!box || box.y < 220) break;
      await workbench.page.mouse.wheel(0, 120);
      await workbench.page.waitForTimeout(100);
    }
    await workbench.page.mouse.move(200, 600);
    await workbench.page.waitForTimeout(1500);
    await workbench.page.screenshot({ path: join(out, `${name}-${theme}.png`) });
  }
}
