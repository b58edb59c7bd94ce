import type { CellNames } from "./record-writing.ts";

/** Knows which executions of an epoch each next one depends on. */
export interface Lineage {
  /**
   * Enters an execution that ended, and returns the executions that it depends on directly, in the order in which they ran; the
   * closure is what these lead to.
   *
   * With `names`: the last writer of each name that the cell reads. Without: all that ran before. An execution without names may
   * have written anything, so all later ones depend on it.
   */
  enter(executionId: string, names: CellNames | undefined): string[];
}

/** The lineage of one kernel epoch: a fresh cell process starts with a fresh scope, and so with no dependencies. */
export function startLineage(): Lineage {
  const writers = new Map<string, string>();
  /** Executions since the last one that may have written anything, that one first. */
  let recent: string[] = [];
  let opaque: string | undefined;
  /** In which place an execution ran. */
  const order = new Map<string, number>();
  return {
    enter(executionId, names) {
      order.set(executionId, order.size);
      if (!names) {
        const parents = recent;
        recent = [executionId];
        opaque = executionId;
        writers.clear();
        return parents;
      }
      const parents = new Set(names.reads.flatMap((name) => writers.get(name) ?? []));
      if (opaque !== undefined) parents.add(opaque);
      for (const name of names.writes) writers.set(name, executionId);
      recent.push(executionId);
      return [...parents].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    },
  };
}
