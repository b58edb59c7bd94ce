import type { CellSource } from "./cell-source.ts";

/**
 * What happens to cells whose inputs have changed since they ran: nothing, a mark, or another run. A notebook keeps it in
 * `metadata.assay.staleness`.
 */
export type StalenessMode = "off" | "mark" | "run";

export const stalenessModes = ["off", "mark", "run"] as const satisfies readonly StalenessMode[];

/** The mode of a notebook that says nothing. */
export const defaultStaleness: StalenessMode = "mark";

/**
 * Why a cell is stale. `names` are the variables through which it is reached: of the first step, when it is reached through others.
 * - `cell`: that cell ran (again) after this one did;
 * - `edited`: the text of that cell has changed since it ran, and it did not run again yet;
 * - `removed`: that cell is not in the notebook any more, and this one had read what it wrote;
 * - `module`: that local module, or one that it imports, has changed on disk. Absolute path.
 */
export type StaleCause =
  | { readonly kind: "cell" | "edited" | "removed"; readonly cellId: string; readonly names: readonly string[] }
  | { readonly kind: "module"; readonly path: string };

/** A cell that ran, and would not read the same if it ran now. */
export interface StaleCell {
  readonly cellId: string;
  /** The changes at the root of it, in the order of the notebook, modules last. Never empty. */
  readonly causes: readonly StaleCause[];
}

/** Event of a session: how the cells of the notebook stand. Each event replaces the one before it. */
export interface StaleEvent {
  readonly type: "stale";
  /** All stale cells, in the order of the notebook. Empty when the mode is `off`. */
  readonly cells: readonly StaleCell[];
  /** Cells that ran, and whose text has changed since. They are in `cells` only when something above them has changed as well. */
  readonly edited: readonly string[];
  /**
   * In the mode `run`: cells for the front end to run now, in this order, after what it has queued, with `automatic: true` in each
   * `execute`. Cells that it has already queued it leaves out. It stops at the first that does not end with `ok`. Empty otherwise.
   * Listed once: an event that only says how things stand has nothing here.
   */
  readonly run: readonly string[];
}

/**
 * JSON-RPC requests `notebook/<name>` of a session, answered after `initialize`. Both may send a `stale` event before their reply.
 */
export interface NotebookMethods {
  /**
   * The code cells in the order of the notebook, with their sources as they are now. To be sent after `initialize`, and again, at the
   * latest before the next `execute`, when a cell was added, removed, moved or edited (while a person types: when the typing rests).
   * Without it a session tells no stale cells and records no order.
   */
  readonly cells: { readonly params: { readonly cells: readonly CellSource[] }; readonly result: null };
  /** Sets the mode; `NotebookInfo.staleness` says it from the start. */
  readonly staleness: { readonly params: { readonly mode: StalenessMode }; readonly result: null };
}
