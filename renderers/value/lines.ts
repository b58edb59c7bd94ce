import type { ValueNode, ValueOutput } from "../../kernel/protocol/outputs.ts";

/** One line of the tree, with those below it. */
export interface Line {
  readonly key: string;
  readonly node: ValueNode;
  readonly level: number;
  readonly parent: Line | undefined;
  /** What to write after the value's own expression to come here; undefined where nothing can. */
  readonly path: string | undefined;
  readonly members: Line[];
}

/** The tree of an output. A node that is too deep for the one before it becomes its child. */
export function linesOf({ nodes }: ValueOutput): Line {
  const root = line(nodes[0]!, undefined);
  const open: Line[] = [root];
  for (const node of nodes.slice(1)) {
    const depth = Math.min(Math.max(1, node.depth), open.length);
    open.length = depth;
    const parent = open[depth - 1]!;
    const made = line(node, parent);
    parent.members.push(made);
    open.push(made);
  }
  return root;
}

function line(node: ValueNode, parent: Line | undefined): Line {
  const level = parent ? parent.level + 1 : 0;
  const access = accessOf(node);
  const path = parent ? (parent.path === undefined || access === undefined ? undefined : parent.path + access) : "";
  const key = parent ? `${parent.key}/${parent.members.length}:${node.label ?? ""}` : "";
  return { key, node, level, parent, path, members: [] };
}

/** A property or an index says itself how to come there. */
function accessOf({ access, label, role }: ValueNode): string | undefined {
  if (access !== undefined || label === undefined) return access;
  if (role === "index") return `[${label}]`;
  if (role !== "property") return undefined;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(label) ? `.${label}` : `[${JSON.stringify(label)}]`;
}

/** Items of a list that travel together, as lines, from one number to another. */
export function itemLines(parent: Line, from: number, to: number): Line[] {
  const items = parent.node.items ?? [];
  return items.slice(from, to).map((item, i) => {
    const label = String(from + i);
    const preview = item === null ? "null" : String(item);
    const node: ValueNode = {
      kind: itemKind(item),
      type: "",
      preview,
      expandable: false,
      depth: parent.level + 1,
      label,
      role: "index",
      access: `[${label}]`,
    };
    const path = parent.path === undefined ? undefined : `${parent.path}[${label}]`;
    return { key: `${parent.key}/${label}:${label}`, node, level: parent.level + 1, parent, path, members: [] };
  });
}

function itemKind(item: string | number | boolean | null): ValueNode["kind"] {
  if (item === null) return "null";
  if (typeof item === "boolean") return "boolean";
  if (typeof item === "number") return "number";
  if (item.startsWith('"')) return "string";
  return item.endsWith("n") ? "bigint" : "number";
}

/** Whether a line has anything to open. */
export function isOpenable({ node, members }: Line): boolean {
  return members.length > 0 || node.items !== undefined || node.text !== undefined || (node.total ?? 0) > 0;
}

/** How many members a value has that did not come along. */
export function missing({ node, members }: Line): number {
  return node.total === undefined ? 0 : Math.max(0, node.total - (node.items?.length ?? members.length));
}

/** All lines that travel as nodes, from the top. */
export function* everyLine(from: Line): Generator<Line> {
  yield from;
  for (const member of from.members) yield* everyLine(member);
}

/** What a line says, in lower case, for searching. */
export function words({ node }: Line): string {
  return `${node.label ?? ""} ${node.type} ${node.text ?? node.preview} ${node.items?.join(" ") ?? ""}`.toLowerCase();
}
