import { dirname } from "node:path";
import type { NotebookInfo } from "../protocol/messages.ts";
import type { RunCell } from "../store/session-history.ts";

/** What earlier sessions of a store ran. They are numbered from 1, the oldest first. */
export interface EarlierCells extends Disposable {
  /** How many there were. */
  readonly sessions: number;
  /** What one of them ran, in order; nothing for a number that there is not. */
  cells(session: number): readonly RunCell[];
  /** The text of what an execution gave, or `null`. */
  result(executionId: string): string | null;
}

const none: EarlierCells = { sessions: 0, cells: () => [], result: () => null, [Symbol.dispose]() {} };

/**
 * Opens the store of a notebook for reading. `before` is an id that was made when this session began: what began later is none of its history.
 * Nothing is found in a store that cannot be read; the session tells the user of that.
 */
export async function earlierCells(notebook: NotebookInfo, before: string): Promise<EarlierCells> {
  try {
    return await opened(notebook, before);
  } catch {
    return none;
  }
}

async function opened({ path, store: chosen, workspace }: NotebookInfo, before: string): Promise<EarlierCells> {
  // Not at the start of the kernel, which waits for nothing.
  const [{ findStore }, { openForReading }, { openArtifacts }, { readOutputs }, { cellsOf, sessionsBefore }] =
    await Promise.all([
      import("../store/location.ts"),
      import("../store/database.ts"),
      import("../store/artifacts.ts"),
      import("../store/record-reader.ts"),
      import("../store/session-history.ts"),
    ]);
  const folder = findStore({ from: dirname(path), chosen, workspace });
  const database = openForReading(folder);
  if (!database) return none;
  const sessions = sessionsBefore(database, before);
  return {
    sessions: sessions.length,
    cells(session) {
      const id = sessions[session - 1];
      return id === undefined ? [] : cellsOf(database, id);
    },
    result(executionId) {
      const outputs = readOutputs(database, openArtifacts(folder), executionId);
      const result = outputs.find(({ output }) => output?.type === "result")?.output;
      const text = result?.type === "result" ? result.data["text/plain"] : undefined;
      return typeof text === "string" ? text : null;
    },
    [Symbol.dispose]: () => database.close(),
  };
}
