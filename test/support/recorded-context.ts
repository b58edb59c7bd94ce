import { join } from "node:path";
import type { TestContext } from "node:test";
import type { CellContext, RecordEvent } from "../../kernel/protocol/cell-context.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { withContext } from "../../kernel/sdk/host.ts";
import { temporaryFolder } from "./temporary.ts";

/** What the SDK sent while a body ran. */
export interface Recorded {
  readonly folder: string;
  readonly outputs: Output[];
  readonly events: RecordEvent[];
}

/** Runs a body in a cell's surroundings with a folder of its own, and keeps what it emits and records. */
export async function recorded(
  t: TestContext,
  body: (recorded: Recorded) => unknown,
  changes: Partial<CellContext> = {},
): Promise<Recorded> {
  const folder = temporaryFolder(t);
  const found: Recorded = { folder, outputs: [], events: [] };
  const context: CellContext = {
    mode: "open_source_only",
    seed: 0,
    randomKey: "test",
    storeFolder: join(folder, ".assay"),
    baseFolder: folder,
    signal: new AbortController().signal,
    inlineLimit: 65_536,
    emit: (output) => found.outputs.push(output),
    record: (event) => found.events.push(event),
    ask: () => Promise.reject(new Error("nobody to ask")),
    ...changes,
  };
  await withContext(context, () => body(found));
  return found;
}
