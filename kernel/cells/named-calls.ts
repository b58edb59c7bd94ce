import type { AnyNode, CallExpression, NewExpression } from "acorn";
import { changesFirst, type Lookup, rearrangesCopy, sourceOf } from "./handled-values.ts";

/** A call of a name. */
export interface NamedCall {
  readonly callee: string;
  /** Names whose values are passed, in a certain argument (-1: in any); `deep` for a member, `copy` for a new container around it. */
  readonly passed: {
    readonly name: string;
    readonly position: number;
    readonly copy: boolean;
    readonly deep: boolean;
  }[];
}

/** What happens when functions and classes are called: names as in `CellProgram`. */
export interface Deferred extends Readonly<Record<"reads" | "writes" | "touches" | "looks", ReadonlySet<string>>> {
  readonly calls: readonly NamedCall[];
}

/** Every name is the source of what it stands for. */
const byItself: Lookup<AnyNode> = (node) => ({ origins: [node], copy: false, deep: false });

/** The names whose values a call passes, by their nodes. */
export function passedNodes(
  args: (CallExpression | NewExpression)["arguments"],
): (Omit<NamedCall["passed"][number], "name"> & { readonly node: AnyNode })[] {
  const spread = args.findIndex((one) => one.type === "SpreadElement");
  return args.flatMap((one, at) => {
    const source = sourceOf(one, byItself);
    const many = one.type === "SpreadElement";
    const position = many || (spread >= 0 && at > spread) ? -1 : at;
    const { copy = false, deep = false } = many ? { deep: true } : (source ?? {});
    return (source?.origins ?? []).map((node) => ({ node, position, copy, deep }));
  });
}

/** The names whose values a call of the language's own changes: `Object.assign(target, …)`. */
export function changedFirst(node: CallExpression | NewExpression): readonly AnyNode[] {
  const [first] = node.arguments;
  const source = first && changesFirst(node) ? sourceOf(first, byItself) : undefined;
  return source && !source.copy ? source.origins : [];
}

/** True for `rows.slice().sort()`. */
export function rearrangesNew({ callee }: CallExpression): boolean {
  return callee.type === "MemberExpression" && rearrangesCopy(callee, byItself);
}

/** The name at the beginning of `a.b(c).d`. */
export function rootOf(node: AnyNode): AnyNode | undefined {
  let at = node;
  while (at.type === "MemberExpression" || at.type === "CallExpression" || at.type === "ChainExpression")
    at = (
      at.type === "MemberExpression" ? at.object : at.type === "CallExpression" ? at.callee : at.expression
    ) as AnyNode;
  return at.type === "Identifier" ? at : undefined;
}
