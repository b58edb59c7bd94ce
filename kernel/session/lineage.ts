import type { CellNames } from "./record-writing.ts";

/** Knows which executions of an epoch each next one depends on. */
export interface Lineage {
  /**
   * Enters an execution that ended, and returns the executions that it depends on, in the order in which they ran.
   *
   * With `names`: the last writers of all names within reach, which are those that the cell reads, those that their writers read
   * or wrote beside them (a function sees its free names as they are now, two names may share an object), and so on. Names that
   * the cell itself sets without reading them lead nowhere. What a called function changes is not seen.
   *
   * Without `names`: all that ran before. Such an execution may have written anything, so all later ones depend on it.
   */
  enter(executionId: string, names: CellNames | undefined): string[];
}

/** The lineage of one kernel epoch: a fresh cell process starts with a fresh scope, and so with no dependencies. */
export function startLineage(): Lineage {
  /** Last writer of each name. */
  const writers = new Map<string, string>();
  /** Names that each writer, and those that it depends on, read or wrote. */
  const namesOf = new Map<string, ReadonlySet<string>>();
  /** In which place an execution ran. */
  const order = new Map<string, number>();
  /** Executions since the last one that may have written anything, that one first. */
  let recent: string[] = [];
  let opaque: string | undefined;

  const withinReach = ({ reads, writes }: CellNames): Set<string> => {
    const set = new Set(writes.filter((name) => !reads.includes(name)));
    const seen = new Set(reads);
    const found = new Set<string>();
    for (const name of seen) {
      const writer = set.has(name) ? undefined : writers.get(name);
      if (writer === undefined || found.has(writer)) continue;
      found.add(writer);
      // A set that grows while it is walked is walked to its new end.
      for (const beside of namesOf.get(writer) ?? []) seen.add(beside);
    }
    return found;
  };

  return {
    enter(executionId, names) {
      order.set(executionId, order.size);
      if (!names) {
        const parents = recent;
        recent = [executionId];
        opaque = executionId;
        writers.clear();
        namesOf.clear();
        return parents;
      }
      const parents = withinReach(names);
      if (opaque !== undefined) parents.add(opaque);
      for (const name of names.writes) writers.set(name, executionId);
      const above = [...parents].flatMap((parent) => [...(namesOf.get(parent) ?? [])]);
      namesOf.set(executionId, new Set([...names.reads, ...names.writes, ...above]));
      recent.push(executionId);
      return [...parents].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    },
  };
}
