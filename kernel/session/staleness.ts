import { resolve } from "node:path";
import type { CellSource } from "../protocol/cell-source.ts";
import type { ExecutionStatus, FrameNames } from "../protocol/messages.ts";
import type { RunOrder } from "../protocol/record.ts";
import { defaultStaleness, type StaleCell, type StaleEvent, type StalenessMode } from "../protocol/staleness.ts";
import { type CellRun, CellRuns } from "./cell-runs.ts";
import { ModuleWatch } from "./module-watch.ts";
import { runOrder } from "./run-order.ts";
import { inDependencyOrder, type Standing, standing } from "./stale-cells.ts";

interface Open {
  readonly cell: CellSource;
  readonly automatic: boolean;
  names?: FrameNames;
  run?: CellRun;
}

/**
 * Knows which cells of a notebook are stale, tells when that changes, and asks for them to run in the mode `run`. It does nothing
 * before it was told the cells of the notebook.
 */
export class Staleness implements Disposable {
  readonly #folder: string;
  readonly #emit: (event: StaleEvent) => void;
  readonly #runs = new CellRuns();
  readonly #open = new Map<string, Open>();
  #mode: StalenessMode;
  #cells: readonly CellSource[] | undefined;
  #modules: ModuleWatch | undefined;
  /** Cells that the front end was asked to run and that did not run yet. */
  readonly #asked = new Set<string>();
  #said = JSON.stringify({ cells: [], edited: [] });

  constructor(options: {
    readonly mode: StalenessMode | undefined;
    /** The notebook's folder: the paths of modules start there. */
    readonly folder: string;
    readonly emit: (event: StaleEvent) => void;
  }) {
    this.#mode = options.mode ?? defaultStaleness;
    this.#folder = options.folder;
    this.#emit = options.emit;
  }

  /** The code cells in the order of the notebook, as they are now. */
  setCells(cells: readonly CellSource[]): void {
    this.#cells = cells;
    this.#runs.keep(new Set(cells.map(({ id }) => id)));
    this.#tell(this.#standing());
  }

  setMode(mode: StalenessMode): void {
    this.#mode = mode;
    this.#asked.clear();
    if (mode === "off") this.#stopWatching();
    else
      for (const run of this.#runs.values()) for (const [path, sha256] of run.modules) this.#watch().saw(path, sha256);
    this.#tell(this.#standing());
  }

  begin(executionId: string, cell: CellSource, automatic: boolean): void {
    if (!this.#cells) return;
    // A person who runs a cell has other plans than what was asked for.
    if (!automatic) this.#asked.clear();
    this.#asked.delete(cell.id);
    this.#open.set(executionId, { cell, automatic });
  }

  /** What the cell reads and writes, told when it could be compiled and is about to run. */
  names(executionId: string, names: FrameNames): void {
    const open = this.#open.get(executionId);
    if (open) open.run = this.#runs.enter(executionId, open.cell, names.opaque ? undefined : names);
  }

  /** A cell imported a local module, by its path as records write it. */
  usedModule(executionId: string, name: string, sha256: string): void {
    const path = resolve(this.#folder, name);
    const run =
      this.#open.get(executionId)?.run ?? [...this.#runs.values()].find((one) => one.executionId === executionId);
    if (!run) return;
    run.modules.set(path, sha256);
    if (this.#mode !== "off") this.#watch().saw(path, sha256);
  }

  /** How an execution stands to the order of the notebook, for its record; nothing when that is not known. */
  order(executionId: string): RunOrder | undefined {
    const run = this.#open.get(executionId)?.run;
    return run && this.#cells ? runOrder(run, this.#cells, this.#runs) : undefined;
  }

  /** An execution came to its end. */
  end(executionId: string, status: ExecutionStatus): void {
    const open = this.#open.get(executionId);
    this.#open.delete(executionId);
    if (!open) return;
    const now = this.#standing();
    if (this.#mode !== "run" || status !== "ok") {
      this.#asked.clear();
      return this.#tell(now);
    }
    this.#tell(now, this.#toRun(now, open.automatic ? open.cell.id : undefined));
  }

  /** The cell process is another one: no cell has run. */
  reset(): void {
    this.#runs.clear();
    this.#open.clear();
    this.#asked.clear();
    this.#stopWatching();
    this.#tell(this.#standing());
  }

  [Symbol.dispose](): void {
    this.#stopWatching();
  }

  #standing(): Standing {
    if (!this.#cells || this.#mode === "off") return { stale: [], edited: [], inputs: new Map() };
    return standing({
      cells: this.#cells,
      runOf: (id) => this.#runs.get(id),
      moduleNow: (path) => this.#modules?.now(path),
    });
  }

  /**
   * Cells to run now. An edited cell waits for its author. After a cell that ran by itself only cells below it follow, so that this
   * comes to an end.
   */
  #toRun({ stale, edited, inputs }: Standing, after: string | undefined): string[] {
    const place = (id: string) => this.#cells?.findIndex((cell) => cell.id === id) ?? -1;
    const wanted = stale.filter(
      ({ cellId, causes }) =>
        causes.some(({ kind }) => kind === "cell" || kind === "module") &&
        !edited.includes(cellId) &&
        !this.#asked.has(cellId) &&
        (after === undefined || place(cellId) > place(after)),
    );
    const ids = inDependencyOrder(
      wanted.map(({ cellId }) => cellId),
      inputs,
    );
    for (const id of ids) this.#asked.add(id);
    return ids;
  }

  /** Sends how things stand, when that is news. */
  #tell({ stale, edited }: Standing, run: readonly string[] = []): void {
    const news = JSON.stringify({ cells: stale satisfies readonly StaleCell[], edited });
    if (news === this.#said && run.length === 0) return;
    this.#said = news;
    this.#emit({ type: "stale", cells: stale, edited, run });
  }

  #watch(): ModuleWatch {
    this.#modules ??= new ModuleWatch(() => {
      const now = this.#standing();
      this.#tell(now, this.#mode === "run" && this.#open.size === 0 ? this.#toRun(now, undefined) : []);
    });
    return this.#modules;
  }

  #stopWatching(): void {
    this.#modules?.[Symbol.dispose]();
    this.#modules = undefined;
  }
}
