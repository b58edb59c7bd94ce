import type { CellSource } from "../protocol/cell-source.ts";
import type { StaleCause, StaleCell } from "../protocol/staleness.ts";
import type { CellRun } from "./cell-runs.ts";

/** What staleness follows from. */
export interface NotebookState {
  /** The code cells in the order of the notebook, as they are now. */
  readonly cells: readonly CellSource[];
  /** The last run of a cell. */
  readonly runOf: (cellId: string) => CellRun | undefined;
  /** SHA-256 of a local module as it is now. */
  readonly moduleNow: (path: string) => string | undefined;
}

/** Names by which a cell depends on another one. */
type Inputs = Map<string, Set<string>>;

/** How the cells stand. */
export interface Standing {
  /** In the order of the notebook. */
  readonly stale: readonly StaleCell[];
  readonly edited: readonly string[];
  /** Cells that each cell depends on. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
}

/**
 * Finds the cells that would not read the same if they ran now. A cell depends on the last cell above it that writes what it reads;
 * where none above does, and where another one did when it ran, on that one.
 */
export function standing(state: NotebookState): Standing {
  const ran = state.cells.flatMap((cell) => state.runOf(cell.id) ?? []);
  const edited = state.cells.filter((cell) => {
    const run = state.runOf(cell.id);
    return run !== undefined && run.cell.source !== cell.source;
  });
  const editedIds = new Set(edited.map(({ id }) => id));
  const inputs = inputsOf(ran, new Set(state.cells.map(({ id }) => id)));
  const runs = new Map(ran.map((run) => [run.cell.id, run]));
  const causes = new Map<string, Map<string, StaleCause>>();
  for (const run of ran) {
    const own = new Map<string, StaleCause>();
    const add = (cause: StaleCause) => void own.set(keyOf(cause), cause);
    for (const [cellId, set] of inputs.get(run.cell.id) ?? []) {
      const names = [...set].sort();
      const input = runs.get(cellId);
      if (!input) add({ kind: "removed", cellId, names });
      else if (input.at > run.at) add({ kind: "cell", cellId, names });
      if (editedIds.has(cellId)) add({ kind: "edited", cellId, names });
    }
    for (const [path, sha256] of run.modules) {
      const now = state.moduleNow(path);
      if (now !== undefined && now !== sha256) add({ kind: "module", path });
    }
    causes.set(run.cell.id, own);
  }
  spread(causes, inputs);
  const place = new Map(state.cells.map((cell, at) => [cell.id, at]));
  const placeOf = (cause: StaleCause) =>
    cause.kind === "module" ? Number.POSITIVE_INFINITY : (place.get(cause.cellId) ?? state.cells.length);
  const stale = ran.flatMap(({ cell }) => {
    const all = [...(causes.get(cell.id)?.values() ?? [])].sort((a, b) => placeOf(a) - placeOf(b) || 0);
    return all.length === 0 ? [] : [{ cellId: cell.id, causes: all }];
  });
  return { stale, edited: edited.map(({ id }) => id), inputs };
}

/** Cells that each run depends on; those that are not in the notebook any more only when it did read from them. */
function inputsOf(ran: readonly CellRun[], present: ReadonlySet<string>): Map<string, Inputs> {
  const all = new Map<string, Inputs>();
  const atOf = new Map(ran.map((run) => [run.cell.id, run.at]));
  const writers = new Map<string, CellRun>();
  let opaque: CellRun | undefined;
  for (const [place, run] of ran.entries()) {
    const inputs: Inputs = new Map();
    const add = (cellId: string, name: string) => {
      if (cellId === run.cell.id) return;
      inputs.set(cellId, (inputs.get(cellId) ?? new Set()).add(name));
    };
    all.set(run.cell.id, inputs);
    if (!run.names) for (const { cell } of ran.slice(0, place)) inputs.set(cell.id, new Set());
    else if (opaque) inputs.set(opaque.cell.id, new Set());
    const seen = new Set(run.names?.reads);
    for (const name of seen) {
      const writer = writers.get(name);
      if (writer) add(writer.cell.id, name);
      for (const used of writer?.names?.later ?? []) seen.add(used);
    }
    for (const [name, cellId] of run.sources)
      if (!present.has(cellId) || !writers.has(name) || (atOf.get(cellId) ?? 0) > run.at) add(cellId, name);
    if (run.names) for (const name of run.names.writes) writers.set(name, run);
    else {
      opaque = run;
      writers.clear();
    }
  }
  return all;
}

/** What depends on a stale cell is stale for the same causes. */
function spread(causes: ReadonlyMap<string, Map<string, StaleCause>>, inputs: ReadonlyMap<string, Inputs>): void {
  for (let grows = true; grows; ) {
    grows = false;
    for (const [id, own] of causes) {
      const before = own.size;
      for (const input of inputs.get(id)?.keys() ?? [])
        for (const [key, cause] of causes.get(input) ?? [])
          if (!isAbout(cause, id) && !own.has(key)) own.set(key, cause);
      if (own.size > before) grows = true;
    }
  }
}

/** A cell is not stale because it ran itself. */
function isAbout(cause: StaleCause, cellId: string): boolean {
  return cause.kind !== "module" && cause.cellId === cellId;
}

function keyOf(cause: StaleCause): string {
  return cause.kind === "module" ? `module ${cause.path}` : `${cause.kind} ${cause.cellId}`;
}

/** Puts cells behind those that they depend on, in the order of the notebook otherwise. */
export function inDependencyOrder(cellIds: readonly string[], inputs: Standing["inputs"]): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const asked = new Set(cellIds);
  const visit = (id: string): void => {
    if (seen.has(id) || !asked.has(id)) return;
    seen.add(id);
    for (const other of cellIds) if (inputs.get(id)?.has(other)) visit(other);
    ordered.push(id);
  };
  for (const id of cellIds) visit(id);
  return ordered;
}
