import type { CellContext } from "../../protocol/cell-context.ts";
import { hashOf } from "../../store/canonical.ts";
import { cellContext } from "../host.ts";

const counters = new WeakMap<CellContext, number>();

/** A name for a display that is updated later: unlike any other in the notebook, and the same each time the cell runs. */
export function nextDisplayId(kind: string, context: CellContext = cellContext()): string {
  const count = (counters.get(context) ?? 0) + 1;
  counters.set(context, count);
  return `assay-${kind}-${hashOf(context.randomKey).slice(0, 12)}-${count}`;
}
