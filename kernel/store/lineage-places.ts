import type { LicenceClass } from "../protocol/compliance.ts";
import type { LineageMember, LineageNode } from "../protocol/lineage.ts";
import type { RecordDatabase } from "./database.ts";
import { itemGroupsOf } from "./item-groups.ts";
import type { DatasetRow, ItemRow, Known, Provenance } from "./provenance.ts";
import type { ItemGroupRow, ParticipantRow } from "./rows.ts";

/** A place of the graph while it is made. */
export interface Place extends Omit<LineageNode, "madeBy"> {
  /** The execution that made it. */
  readonly madeIn?: string | undefined;
  readonly dataset?: DatasetRow | undefined;
}

/** So many things of one kind that came the same way stand apart; more stand together. */
const apart = 4;
/** So many of those that stand together are named. */
const named = 8;
/** Facts of a place, and characters of each. */
const factsKept = { most: 16, length: 300 };

/** The place of some content. `used` is what the execution at hand says of it, where no record tells more. */
export function contentPlace(sha256: string, known: Known | undefined, used?: ParticipantRow): Place {
  switch (known?.kind) {
    case "dataset":
      return datasetPlace(known.dataset, known.bytes);
    case "made":
      return participantPlace(known.made, known.made.execution_id);
    case "item": {
      const member = memberOf(known.item);
      const { name, licenceClass } = member;
      return { id: sha256, role: "item", name, count: 1, ...one({ licenceClass }), facts: {}, members: [member] };
    }
    case "derived":
      return plain(sha256, "output", "a picture made from these", "unknown");
    case "used":
      return participantPlace(used ?? known.used);
    case undefined:
      return used
        ? participantPlace(used)
        : plain(sha256, "unseen", `origin unknown, ${sha256.slice(0, 10)}`, "unknown");
  }
}

function plain(sha256: string, role: Place["role"], name: string, licenceClass: LicenceClass): Place {
  return { id: sha256, role, name, count: 1, licenceClass, facts: {}, members: [{ name, sha256, licenceClass }] };
}

function datasetPlace(dataset: DatasetRow, bytes: number | undefined): Place {
  const { sha256, name } = dataset;
  const licenceClass = dataset.licence_class as LicenceClass;
  const facts = { mode: dataset.mode, items: String(dataset.size), excluded: String(dataset.excluded) };
  return {
    ...{ id: sha256, role: "dataset", name, count: 1, licenceClass, ...one({ bytes }), dataset },
    facts: { ...facts, policy: dataset.policy_version },
    members: [{ name, sha256, licenceClass }],
    madeIn: dataset.execution_id,
  };
}

function participantPlace(row: ParticipantRow, madeIn?: string): Place {
  const { sha256, name, bytes } = row;
  const role = row.role as Place["role"];
  // What says nothing of its licence is unknown; code has none to speak of here.
  const licenceClass = (row.licence_class ?? (role === "module" ? undefined : "unknown")) as LicenceClass | undefined;
  const facts = row.facts === null ? {} : (JSON.parse(row.facts) as Record<string, unknown>);
  const member = {
    ...{ name, sha256, ...one({ licenceClass }) },
    ...textsOf(facts, { licence: "licence", licenceUrl: "licenceUrl", source: "source" }),
  };
  return {
    ...{ id: sha256, role, name, count: 1, bytes, ...one({ licenceClass }), facts: short(facts), members: [member] },
    madeIn,
  };
}

/** A place for each licence class of a data set's items, the freest first. */
export function classPlaces(database: RecordDatabase, provenance: Provenance, dataset: DatasetRow): Place[] {
  const classes = Map.groupBy(itemGroupsOf(database, dataset), (group) => group.licence_class as LicenceClass);
  return [...classes].map(([licenceClass, groups]) => {
    const count = groups.reduce((sum, { items }) => sum + items, 0);
    const members = firstOf(groups, named).flatMap((position) => {
      const item = provenance.itemAt(dataset, position);
      return item ? [memberOf(item)] : [];
    });
    return {
      ...{ id: `items ${licenceClass} ${dataset.sha256}`, role: "item", name: itemsName(count), count, licenceClass },
      facts: {},
      members,
    };
  });
}

/** Places of the first items, of many kinds before many of one kind. */
function firstOf(groups: readonly ItemGroupRow[], count: number): number[] {
  const lists = groups.slice(0, count).map(({ examples }) => JSON.parse(examples) as number[]);
  const found: number[] = [];
  for (let round = 0; found.length < count && lists.some((list) => round < list.length); round++)
    for (const list of lists) if (round < list.length && found.length < count) found.push(list[round]!);
  return found.sort((a, b) => a - b);
}

/** A place for items of one class that an execution collected. */
export function itemPlace(
  row: { readonly licence_class: string; readonly items: number; readonly first: string },
  database: RecordDatabase,
): Place {
  const item = database.prepare<[string], ItemRow>("select * from items where id = ?").get(row.first);
  return {
    ...{ id: `collected ${row.licence_class}`, role: "item", name: itemsName(row.items), count: row.items },
    licenceClass: row.licence_class as LicenceClass,
    facts: {},
    members: item ? [memberOf(item)] : [],
  };
}

function itemsName(count: number): string {
  return count === 1 ? "1 item" : `${count.toLocaleString("en-US")} items`;
}

function memberOf(item: ItemRow): LineageMember {
  const detail = JSON.parse(item.detail) as Record<string, unknown>;
  const licence = (typeof detail.licence === "object" && detail.licence) || {};
  return {
    name: item.name,
    sha256: item.sha256,
    licenceClass: item.licence_class as LicenceClass,
    ...one({ licence: item.licence ?? undefined }),
    ...textsOf(licence as Record<string, unknown>, { licence: "name", licenceUrl: "url" }),
    ...textsOf(detail, { title: "title", author: "author", source: "page" }),
  };
}

/** Those of some fields that are texts, by other names. */
function textsOf(from: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>) {
  const texts = Object.entries(names).flatMap(([name, field]) => {
    const value = from[field];
    return typeof value === "string" && value !== "" ? [[name, value.slice(0, 500)] as const] : [];
  });
  return Object.fromEntries(texts) as Partial<Record<"licence" | "licenceUrl" | "title" | "author" | "source", string>>;
}

/** What can be said of facts in a line each. */
function short(facts: Readonly<Record<string, unknown>>): Record<string, string> {
  const lines = Object.entries(facts).flatMap(([name, value]) => {
    if (typeof value === "object" || value === undefined) return [];
    const text = String(value);
    return [[name, text.length > factsKept.length ? `${text.slice(0, factsKept.length - 1)}…` : text] as const];
  });
  return Object.fromEntries(lines.slice(0, factsKept.most));
}

/** An object without what is undefined. */
function one<T extends Record<string, unknown>>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** Puts together what is of one kind and class, was made in one execution, and came from the same and leads to the same. */
export function mergedPlaces(
  places: readonly Place[],
  edges: readonly { readonly from: string; readonly to: string }[],
): { readonly places: Place[]; readonly standFor: ReadonlyMap<string, string> } {
  const around = new Map<string, string[]>();
  const add = (id: string, mark: string) => {
    const marks = around.get(id);
    if (marks) marks.push(mark);
    else around.set(id, [mark]);
  };
  for (const { from, to } of edges) {
    add(from, `>${to}`);
    add(to, `<${from}`);
  }
  const kinds = Map.groupBy(places, ({ id, role, licenceClass, madeIn, dataset }) =>
    dataset || role === "model" || role === "lora" || id.includes(" ")
      ? id
      : JSON.stringify([role, licenceClass, madeIn, (around.get(id) ?? []).sort()]),
  );
  const standFor = new Map<string, string>();
  const merged = [...kinds.values()].flatMap((alike) => {
    const [first] = alike;
    if (alike.length <= apart || !first) return alike;
    for (const { id } of alike) standFor.set(id, first.id);
    const count = alike.reduce((sum, one) => sum + one.count, 0);
    const bytes = alike.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
    return [
      {
        ...first,
        ...{ name: `${count.toLocaleString("en-US")} ${manyOf[first.role]}`, count, bytes, facts: {} },
        members: alike.flatMap(({ members }) => members).slice(0, named),
      },
    ];
  });
  return { places: merged, standFor };
}

const manyOf: Readonly<Record<Place["role"], string>> = {
  cell: "cells",
  item: "items",
  input: "inputs",
  model: "models",
  lora: "LoRAs",
  dataset: "data sets",
  module: "modules",
  output: "outputs",
  unseen: "contents of unknown origin",
};
