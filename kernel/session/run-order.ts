import type { CellSource } from "../protocol/cell-source.ts";
import type { RunOrder } from "../protocol/record.ts";
import type { CellRun, CellRuns } from "./cell-runs.ts";

/** How many cells a record names; the rest is counted. */
const named = 20;

/** How a run stands to the order of the notebook, when it ends; nothing for a cell that the notebook does not have. */
export function runOrder(run: CellRun, cells: readonly CellSource[], runs: CellRuns): RunOrder | undefined {
  const place = cells.findIndex((cell) => cell.id === run.cell.id);
  if (place < 0) return undefined;
  const below = cells.slice(place + 1).flatMap((cell) => {
    const other = runs.get(cell.id);
    if (!other) return [];
    const names = [...run.sources].flatMap(([name, writer]) => (writer === cell.id ? [name] : [])).sort();
    return [{ cellId: cell.id, cellIndex: cell.index, executionId: other.executionId, names }];
  });
  const above = cells
    .slice(0, place)
    .filter((cell) => cell.source.trim() !== "" && !runs.get(cell.id))
    .map(({ id, index }) => ({ cellId: id, cellIndex: index }));
  const read = below.filter((one) => one.names.length > 0);
  const others = below.filter((one) => one.names.length === 0);
  return {
    state: below.length > 0 ? "out of order" : "in order",
    ranBefore: [...read, ...others].slice(0, named),
    ranBeforeTotal: below.length,
    notRun: above.slice(0, named),
    notRunTotal: above.length,
  };
}
