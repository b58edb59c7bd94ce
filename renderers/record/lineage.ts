import type { ExecutionRecord } from "../../kernel/protocol/record.ts";

export type Participant = Pick<
  ExecutionRecord["participants"][number],
  "role" | "name" | "sha256" | "licenceClass" | "mime"
> & {
  /** `undefined` where the record names something by its hash only. */
  readonly bytes: number | undefined;
  /** What the record says of it besides. */
  readonly note?: string;
};

/** Participants that stand at one place of the graph: one of them, or many of one role. */
export interface Group {
  readonly role: Participant["role"];
  readonly members: readonly Participant[];
}

/** More than these of one role on one side stand together at one place. */
const mostApart = 5;

/** What the record says that the cell read. Data sets that a training names are among them, unless the cell made them itself. */
export function usedBy({ participants, trainings }: ExecutionRecord): Participant[] {
  const known = new Set(participants.map(({ sha256 }) => sha256));
  const named = trainings
    .filter(({ dataset }) => !known.has(dataset))
    .map(({ dataset, facts }) => ({
      role: "dataset" as const,
      name: typeof facts.dataset === "string" ? facts.dataset : "data set",
      sha256: dataset,
      bytes: undefined,
      note: "named by the training",
    }));
  const each = new Map(named.map((one) => [one.sha256, one]));
  return [...participants.filter(({ direction }) => direction === "used"), ...each.values()];
}

/** What the record says that the cell made, data sets with the number of their items. */
export function madeBy({ participants, datasets }: ExecutionRecord): Participant[] {
  const sets = new Map(datasets.map((one) => [one.sha256, one]));
  return participants
    .filter(({ direction }) => direction === "produced")
    .map((one) => {
      const set = sets.get(one.sha256);
      return set ? { ...one, note: `${set.size} items, ${set.excluded} excluded` } : one;
    });
}

/** Puts many of one role together, so that none is left out. */
export function grouped(participants: readonly Participant[]): Group[] {
  return [...Map.groupBy(participants, ({ role }) => role)].flatMap(([role, members]) =>
    members.length > mostApart ? [{ role, members }] : members.map((one) => ({ role, members: [one] })),
  );
}
