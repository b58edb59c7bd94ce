import type { Lineage, LineageMember, LineageNode } from "../../kernel/protocol/lineage.ts";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import { formatItems, licenceClassNames } from "../mount.ts";

/** What people call the kinds of places, one and several. */
export const roleNames: Readonly<Record<LineageNode["role"], readonly [one: string, many: string]>> = {
  cell: ["cell", "cells"],
  item: ["source item", "source items"],
  input: ["input", "inputs"],
  model: ["model", "models"],
  lora: ["LoRA", "LoRAs"],
  dataset: ["data set", "data sets"],
  module: ["module", "modules"],
  output: ["output", "outputs"],
  unseen: ["unknown origin", "unknown origins"],
};

/** More than these of one role on one side stand together at one place. */
const mostApart = 5;
/** Members of a place that are kept. */
const mostMembers = 2000;

type Part = Pick<ExecutionRecord["participants"][number], "role" | "name" | "sha256" | "licenceClass"> & {
  readonly bytes?: number;
  readonly facts?: Readonly<Record<string, string>>;
};

/** The lineage of a record: the whole way where the record tells it, else what the cell itself used and made. */
export function lineageOf(record: ExecutionRecord): Lineage | undefined {
  const { lineage } = record;
  if (lineage) return { ...lineage, nodes: lineage.nodes.map((node) => withMembers(node, record)) };
  const [used, made] = [grouped(usedBy(record), "used"), grouped(madeBy(record), "made")];
  if (used.length + made.length === 0) return undefined;
  const name = `cell ${record.cellIndex}`;
  const cell: LineageNode = { id: "cell", role: "cell", name, count: 1, facts: {}, members: [] };
  return {
    nodes: [cell, ...used, ...made],
    edges: [...used.map(({ id }) => ({ from: id, to: cell.id })), ...made.map(({ id }) => ({ from: cell.id, to: id }))],
    notes: [],
  };
}

/** A place with all that it stands for, where the record of the cell names them. */
function withMembers(node: LineageNode, { participants }: ExecutionRecord): LineageNode {
  if (node.members.length >= node.count || node.madeBy) return node;
  const alike = participants.filter(
    ({ role, licenceClass }) => role === node.role && licenceClass === node.licenceClass,
  );
  return alike.length === node.count
    ? { ...node, members: alike.slice(0, mostMembers).map((one) => memberOf(partOf(one))) }
    : node;
}

/** What the record says that the cell read. Data sets that a training names are among them, unless the cell made them itself. */
function usedBy({ participants, trainings }: ExecutionRecord): Part[] {
  const known = new Set(participants.map(({ sha256 }) => sha256));
  const named = trainings
    .filter(({ dataset }) => !known.has(dataset))
    .map(({ dataset, facts }) => ({
      role: "dataset" as const,
      name: typeof facts.dataset === "string" ? facts.dataset : "data set",
      sha256: dataset,
    }));
  const each = new Map(named.map((one) => [one.sha256, one]));
  return [...participants.filter(({ direction }) => direction === "used").map(partOf), ...each.values()];
}

/** What the record says that the cell made, data sets with the number of their items. */
function madeBy({ participants, datasets }: ExecutionRecord): Part[] {
  const sets = new Map(datasets.map((one) => [one.sha256, one]));
  return participants
    .filter(({ direction }) => direction === "produced")
    .map((one) => {
      const set = sets.get(one.sha256);
      const facts = set && { mode: set.mode, items: String(set.size), excluded: String(set.excluded) };
      return { ...partOf(one), ...(facts && { facts }) };
    });
}

function partOf({ role, name, sha256, licenceClass, bytes }: ExecutionRecord["participants"][number]): Part {
  return { role, name, sha256, licenceClass, bytes };
}

/** Puts many of one role together, so that none is left out. */
function grouped(parts: readonly Part[], side: string): LineageNode[] {
  return [...Map.groupBy(parts, ({ role }) => role)].flatMap(([role, some]) =>
    some.length > mostApart
      ? [placeOf(some, `${side} ${role}`)]
      : some.map((one, index) => placeOf([one], `${side} ${role} ${index}`)),
  );
}

function placeOf(parts: readonly Part[], id: string): LineageNode {
  const [first] = parts as readonly [Part];
  const classes = new Set(parts.map(({ licenceClass }) => licenceClass));
  const sized = parts.flatMap(({ bytes }) => bytes ?? []);
  return {
    ...{ id, role: first.role, count: parts.length, facts: { ...first.facts } },
    name: parts.length === 1 ? first.name : formatItems(parts.length, ...roleNames[first.role]),
    ...(classes.size === 1 && first.licenceClass && { licenceClass: first.licenceClass }),
    ...(sized.length > 0 && { bytes: sized.reduce((sum, one) => sum + one, 0) }),
    members: parts.slice(0, mostMembers).map(memberOf),
  };
}

function memberOf({ name, sha256, licenceClass }: Part): LineageMember {
  return { name, sha256, ...(licenceClass && { licenceClass }) };
}

/** A file's name without its folders. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

/** A line that tells where a place comes from, or what it holds. */
export function subtitleOf({ role, count, madeBy, facts, members, licenceClass }: LineageNode): string {
  if (role === "cell") return "this record";
  if (role === "item") return licenceClass ? licenceClassNames[licenceClass] : "several licences";
  if (role === "dataset" && facts.items)
    return [formatItems(Number(facts.items) || 0, "item"), madeBy && cellOf(madeBy)].filter(Boolean).join(" · ");
  if (madeBy) return `${cellOf(madeBy)} · ${fileName(madeBy.notebookPath)}`;
  const licence = count === 1 ? members[0]?.licence : undefined;
  return licence ?? (licenceClass ? licenceClassNames[licenceClass] : "");
}

function cellOf({ cellIndex }: { readonly cellIndex: number }): string {
  return `cell ${cellIndex}`;
}
