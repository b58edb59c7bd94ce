import { join } from "node:path";
import type { TestContext } from "node:test";
import type { ExecutionStart, Recorder, RecorderOptions } from "../../kernel/session/record-writing.ts";
import { openRecorder } from "../../kernel/session/recorder.ts";
import { openArtifacts } from "../../kernel/store/artifacts.ts";
import { openForReading } from "../../kernel/store/database.ts";
import { uuidv7 } from "../../kernel/store/ids.ts";
import { readExecution } from "../../kernel/store/record-reader.ts";
import { temporaryFolder } from "./temporary.ts";

/** A recorder on a store in a temporary folder, with a way to read records back. */
export function recordingSession(t: TestContext, options: Partial<RecorderOptions> = {}) {
  const folder = options.storeFolder ?? join(temporaryFolder(t), ".assay");
  const recorder = openRecorder({
    storeFolder: folder,
    notebook: { id: "notebook-1", path: join(folder, "..", "study.ipynb") },
    sessionId: uuidv7(),
    snapshot: false,
    ...options,
  });
  t.after(() => recorder.close());
  const artifacts = openArtifacts(folder);
  const read = (id: string) => {
    recorder.flush();
    const database = openForReading(folder)!;
    try {
      return readExecution(database, artifacts, id);
    } finally {
      database.close();
    }
  };
  return { folder, recorder, artifacts, read };
}

/** What a session says when it starts a cell; `source` and the like can be given. */
export function startOf(source: string, rest: Partial<ExecutionStart> = {}): ExecutionStart {
  return {
    cell: { id: "cell-1", index: 1, source },
    epoch: 1,
    executionCount: 1,
    seed: 0,
    mode: "open_source_only",
    ...rest,
  };
}

/** Runs one execution through a recorder and returns its id and content id. */
export function recordOne(
  recorder: Recorder,
  start: ExecutionStart,
  during: (id: string) => void = () => {},
): { readonly id: string; readonly contentId: string } {
  const id = recorder.begin(start);
  during(id);
  const contentId = recorder.seal(id, { status: "ok" });
  recorder.flush();
  return { id, contentId };
}
