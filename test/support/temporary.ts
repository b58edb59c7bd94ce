import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

const over: string[] = [];

process.on("exit", () => {
  for (const folder of over) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A fresh folder for a test. It goes with the file's process: what the test started may write into it until then. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-test-"));
  t.after(() => over.push(folder));
  return folder;
}
