import { inspect, types } from "node:util";
import type { ValueLine, ValueTree } from "../../protocol/outputs.ts";
import { type Member, membersOf } from "./members.ts";
import { isObject, ownData } from "./own.ts";
import { elementOf } from "./preview.ts";
import { typedArrayLength } from "./slots.ts";
import { summarise } from "./summary.ts";

/** No more lines than this. */
const mostNodes = 250;
/** No deeper than this. */
const deepest = 6;
/** Members shown of one value: at the top, and inside. */
const mostMembers = { top: 100, inside: 30 } as const;
/** Plain items that travel together. */
const mostItems = 500;
/** Characters of a long text. */
const longestText = 20_000;
/** Characters of all texts together. */
const textBudget = 60_000;

type Mutable = { -readonly [K in keyof ValueLine]: ValueLine[K] };

interface Place {
  readonly value: unknown;
  readonly member?: Member;
  readonly depth: number;
  readonly ancestors: readonly object[];
}

/**
 * A value as a tree: a bounded part of it, from the top. Lists of plain values travel together; what an object holds again above itself is not
 * opened twice. No getter runs, no proxy is touched.
 */
export function valueTree(value: unknown): ValueTree {
  const nodes: Mutable[] = [];
  let texts = textBudget;

  /** Adds a line, and up to `budget` lines below it. Gives back how many those were. */
  const add = ({ value: one, member, depth, ancestors }: Place, budget: number): number => {
    const { expandable, ...summary } = member && !("value" in member.content) ? unread(member.content) : summarise(one);
    const circular = isObject(one) && ancestors.includes(one);
    const text = longText(one, Math.min(longestText, texts));
    if (text !== undefined) texts -= text.length;
    const node: Mutable = {
      ...summary,
      depth,
      ...(circular ? { preview: `↻ ${summary.preview}` } : {}),
      ...(member ? { label: member.label } : {}),
      ...(member && member.role !== "property" ? { role: member.role } : {}),
      ...(member?.access !== undefined && member.role === "entry" ? { access: member.access } : {}),
      ...(text === undefined ? {} : { text }),
    };
    nodes.push(node);
    if (circular || !expandable || !isObject(one)) return 0;
    const items = plainItems(one);
    if (!items) return open(node, one, depth, [...ancestors, one], budget);
    if (items.length === 0 || !node.preview.includes("…")) return 0;
    const total = lengthOf(one);
    Object.assign(node, { expandable: true, items, ...(items.length < total ? { total } : {}) });
    return Math.ceil(items.length / 10);
  };

  const open = (node: Mutable, object: object, depth: number, ancestors: readonly object[], budget: number): number => {
    const width = Math.min(depth === 0 ? mostMembers.top : depth < deepest ? mostMembers.inside : 0, budget);
    const { members, total } = membersOf(object, 0, width + 1, { hidden: false });
    if (total === 0) return 0;
    node.expandable = true;
    const shown = members.slice(0, width).filter((one) => node.kind !== "error" || one.label !== "message");
    if (total > width) node.total = total;
    let left = budget - shown.length;
    for (const [i, member] of shown.entries()) {
      const inside = "value" in member.content ? member.content.value : undefined;
      left -= add({ value: inside, member, depth: depth + 1, ancestors }, Math.floor(left / (shown.length - i)));
    }
    return budget - left;
  };

  add({ value, depth: 0, ancestors: [] }, mostNodes);
  return { nodes };
}

function unread(content: { readonly accessor: string } | { readonly empty: true }) {
  return "empty" in content
    ? ({ kind: "undefined", type: "empty", preview: "empty", expandable: false } as const)
    : ({ kind: "getter", type: "getter", preview: `(${content.accessor})`, expandable: false } as const);
}

/** The whole of a string or trace that a preview cuts. */
function longText(value: unknown, room: number): string | undefined {
  const text = typeof value === "string" ? value : types.isNativeError(value) ? traceOf(value) : undefined;
  if (text === undefined || (text.length <= 100 && !text.includes("\n"))) return undefined;
  return text.length > room ? `${text.slice(0, room)}…` : text;
}

function traceOf(error: Error): string | undefined {
  try {
    return typeof error.stack === "string" ? error.stack : undefined;
  } catch {
    return undefined;
  }
}

function lengthOf(list: object): number {
  return types.isTypedArray(list) ? typedArrayLength(list) : (list as unknown[]).length;
}

/** The first items of a list that holds nothing but plain values; undefined for anything else. */
function plainItems(list: object): NonNullable<ValueLine["items"]> | undefined {
  if (!types.isTypedArray(list) && !Array.isArray(list)) return undefined;
  const items: NonNullable<ValueLine["items"]> = [];
  const count = Math.min(lengthOf(list), mostItems);
  for (let i = 0; i < count; i++) {
    const item = types.isTypedArray(list) ? elementOf(list, i) : ownData(list, i);
    if (typeof item === "number") items.push(Number.isFinite(item) ? item : inspect(item));
    else if (typeof item === "boolean" || item === null) items.push(item);
    else if (typeof item === "bigint") items.push(`${item}n`);
    else if (typeof item === "string" && item.length <= 60) items.push(JSON.stringify(item));
    else return undefined;
  }
  return items;
}
