import { LineageEnds } from "./lineage-ends.ts";
import { NameSet } from "./name-set.ts";
import type { CellNames } from "./record-writing.ts";

/** Knows which executions of an epoch each next one depends on. */
export interface Lineage {
  /**
   * Enters an execution that ended, and returns the executions that it depends on directly, in the order in which they ran. What those
   * depend on in turn is not listed again: the whole is found by following them.
   *
   * With `names`, the whole holds the last writers of all names within reach, which are those that the cell reads, those that their
   * writers read or wrote beside them (a function sees its free names as they are now, two names may share an object), and so on.
   * Names that the cell itself sets without reading them lead nowhere. What a called function changes is not seen.
   *
   * Without `names`, the whole is all that ran before. Such an execution may have written anything, so all later ones depend on it.
   */
  enter(executionId: string, names: CellNames | undefined): string[];
}

/** An execution that a later one can still reach. */
interface Entered {
  readonly id: string;
  /** In which place it ran. */
  readonly at: number;
  /** Names that it, and those that it depends on, read or wrote. */
  readonly reach: NameSet;
}

interface Write {
  readonly name: number;
  readonly by: Entered;
}

/**
 * The lineage of one kernel epoch: a fresh cell process starts with a fresh scope, and so with no dependencies.
 *
 * Each execution knows the names within its reach, and all their writers up to its own time follow from it. So a later one needs
 * only the writers of what it reads, and those of names within reach that were written since: the cost does not grow with the length
 * of a chain.
 */
export function startLineage(): Lineage {
  const numbers = new Map<string, number>();
  /** Last write of each name. */
  let writes = new Map<number, Write>();
  /** All writes in order, with some that are no longer the last of their name. */
  let log: Write[] = [];
  let opaque: Entered | undefined;
  const ends = new LineageEnds(
    () => new Set([...[...writes.values()].map(({ by }) => by.id), ...(opaque ? [opaque.id] : [])]),
  );
  let count = 0;

  const number = (name: string): number => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };

  /** Adds writers of names within reach, the last ones, that do not follow from those in `parents`. */
  const addWrittenSince = (parents: Set<Entered>, reach: NameSet, set: ReadonlySet<number>) => {
    for (let grew = true; grew; ) {
      grew = false;
      const oldest = Math.min(...[...parents].map(({ at }) => at));
      for (let at = log.length - 1; at >= 0; at--) {
        const write = log[at]!;
        const { name, by } = write;
        if (by.at <= oldest) break;
        if (!reach.has(name) || set.has(name) || parents.has(by) || writes.get(name) !== write) continue;
        if (follows(parents, write)) continue;
        parents.add(by);
        if (reach.join(by.reach)) grew = true;
      }
    }
  };

  const enterWrites = (names: ReadonlySet<number>, by: Entered) => {
    for (const name of names) {
      const write = { name, by };
      writes.set(name, write);
      log.push(write);
    }
    if (log.length > 2 * writes.size + 64) log = log.filter((write) => writes.get(write.name) === write);
  };

  const enterEnd = (entered: Entered, parents: Iterable<string>) => {
    for (const parent of parents) ends.delete(parent);
    ends.add(entered.id, entered.at);
  };

  return {
    enter(id, names) {
      const reach = new NameSet();
      const entered: Entered = { id, at: count++, reach };
      if (!names) {
        const before = ends.takeAll();
        writes = new Map();
        log = [];
        opaque = entered;
        enterEnd(entered, []);
        return before;
      }
      const reads = new Set(names.reads.map(number));
      const written = new Set(names.writes.map(number));
      const set = new Set([...written].filter((name) => !reads.has(name)));
      const parents = new Set<Entered>();
      for (const name of reads) {
        reach.add(name);
        const write = writes.get(name);
        if (write) parents.add(write.by);
      }
      for (const parent of parents) reach.join(parent.reach);
      if (parents.size > 0) addWrittenSince(parents, reach, set);
      // Whatever was written after an execution of unknown names depends on that one.
      else if (opaque) parents.add(opaque);
      for (const name of written) reach.add(name);
      enterWrites(written, entered);
      const inOrder = [...parents].sort((a, b) => a.at - b.at).map((parent) => parent.id);
      enterEnd(entered, inOrder);
      return inOrder;
    },
  };
}

/** Whether a write is among what one of these executions depends on: its name is within reach, and it came first. */
function follows(parents: ReadonlySet<Entered>, { name, by }: Write): boolean {
  for (const parent of parents) if (parent.at >= by.at && parent.reach.has(name)) return true;
  return false;
}
