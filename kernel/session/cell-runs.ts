import type { CellSource } from "../protocol/cell-source.ts";
import type { FrameNames } from "../protocol/messages.ts";

/** The last run of a cell in the living cell process. */
export interface CellRun {
  readonly executionId: string;
  readonly cell: CellSource;
  /** Place in the order of execution, from 1. */
  readonly at: number;
  /** What the cell reads and writes; `undefined` when that cannot be known from its text. */
  readonly names: FrameNames | undefined;
  /** Which cell had written each name within its reach when it ran. */
  readonly sources: ReadonlyMap<string, string>;
  /** SHA-256 of the local modules that it imported, also through others, by absolute path. */
  readonly modules: Map<string, string>;
}

/** The runs of a cell process, one per cell. */
export class CellRuns {
  readonly #runs = new Map<string, CellRun>();
  /** The cell that wrote a name last. */
  readonly #writers = new Map<string, string>();
  /** Names that the functions use which a cell has declared. */
  readonly #later = new Map<string, readonly string[]>();
  #count = 0;

  /** Enters a run. `names` are missing when the cell cannot be analysed. */
  enter(executionId: string, cell: CellSource, names: FrameNames | undefined): CellRun {
    const sources = this.#sourcesOf(names?.reads ?? [...this.#writers.keys()]);
    const run = { executionId, cell, at: ++this.#count, names, sources, modules: new Map<string, string>() };
    this.#runs.set(cell.id, run);
    for (const name of names?.writes ?? []) this.#writers.set(name, cell.id);
    this.#later.set(cell.id, names?.later ?? []);
    return run;
  }

  get(cellId: string): CellRun | undefined {
    return this.#runs.get(cellId);
  }

  values(): Iterable<CellRun> {
    return this.#runs.values();
  }

  /** Forgets the cells that are gone and that nobody has read from. */
  keep(cellIds: ReadonlySet<string>): void {
    const read = new Set(
      [...this.#runs.values()].flatMap((run) => (cellIds.has(run.cell.id) ? [...run.sources.values()] : [])),
    );
    for (const id of this.#runs.keys()) if (!cellIds.has(id) && !read.has(id)) this.#runs.delete(id);
  }

  /** All variables are gone. */
  clear(): void {
    this.#runs.clear();
    this.#writers.clear();
    this.#later.clear();
    this.#count = 0;
  }

  /** A function sees its free names as they are when it is called, so these count as read by who reads the function. */
  #sourcesOf(reads: readonly string[]): Map<string, string> {
    const sources = new Map<string, string>();
    const seen = new Set(reads);
    for (const name of seen) {
      const writer = this.#writers.get(name);
      if (writer === undefined) continue;
      sources.set(name, writer);
      for (const used of this.#later.get(writer) ?? []) seen.add(used);
    }
    return sources;
  }
}
