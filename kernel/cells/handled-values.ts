import type { AnyNode, CallExpression, Identifier, MemberExpression, NewExpression, Pattern } from "acorn";
import { patternNames } from "./references.ts";

/** Where the value of an expression comes from, as far as it can be changed through it. */
export interface Source<Origin> {
  readonly origins: readonly Origin[];
  /** A new container around what came from there: changing the container itself changes nothing else. */
  readonly copy: boolean;
  /** A member, or a member of a member, of what came from there. */
  readonly deep: boolean;
}

/** Finds the source of a name. */
export type Lookup<Origin> = (name: Identifier) => Source<Origin> | undefined;

/** Methods that give a new container with the same members. */
const copying = new Set(
  "concat filter flat flatMap map slice split toReversed toSorted toSpliced with entries keys values subarray".split(
    " ",
  ),
);
/** Methods that change a container, and nothing in it. */
const rearranging = new Set(
  "add clear copyWithin delete fill pop push reverse set shift sort splice unshift".split(" "),
);
/** Functions whose result is a new container around what they are given. */
const gathering = /^(Object\.(values|entries|fromEntries)|Array\.(from|of)|Promise\.(all|allSettled))$/;
/** Functions of the language that change their first argument. */
const changing =
  /^(Object\.(assign|define\w+|setPrototypeOf)|Reflect\.(set|define\w+|deleteProperty|setPrototypeOf)|Atomics\.\w+|(globalThis\.)?crypto\.\w+|\w+\.prototype\.\w+\.(call|apply))$/;

/** Tells where the value of an expression comes from; undefined where it is new through and through. */
export function sourceOf<Origin>(node: AnyNode, lookup: Lookup<Origin>): Source<Origin> | undefined {
  const of = (one: AnyNode | null | undefined) => (one ? sourceOf(one, lookup) : undefined);
  switch (node.type) {
    case "Identifier":
      return lookup(node);
    case "MemberExpression": {
      const object = of(node.object as AnyNode);
      return object && { ...object, copy: false, deep: true };
    }
    case "ChainExpression":
    case "ParenthesizedExpression":
      return of(node.expression);
    case "AwaitExpression":
    case "SpreadElement":
      return of(node.argument);
    case "AssignmentExpression":
      return of(node.right);
    case "SequenceExpression":
      return of(node.expressions.at(-1));
    case "ConditionalExpression":
      return joined([of(node.consequent), of(node.alternate)]);
    case "LogicalExpression":
      return joined([of(node.left as AnyNode), of(node.right)]);
    case "ArrayExpression":
      return copied(joined(node.elements.map((one) => of(one))));
    case "ObjectExpression":
      return copied(joined(node.properties.map((one) => of(one.type === "SpreadElement" ? one : one.value))));
    case "CallExpression":
      return ofCall(node, of);
    case "NewExpression":
      return copied(joined(node.arguments.map(of)));
    default:
      return undefined;
  }
}

function ofCall<Origin>(
  { callee, arguments: args }: CallExpression,
  of: (node: AnyNode) => Source<Origin> | undefined,
): Source<Origin> | undefined {
  const path = pathOf(callee as AnyNode);
  const given = () => joined(args.map(of));
  if (path === "structuredClone" || /^JSON\./.test(path)) return undefined;
  if (gathering.test(path)) return copied(given());
  const object = callee.type === "MemberExpression" ? of(callee.object as AnyNode) : undefined;
  const method = methodName(callee as AnyNode);
  if (object)
    return copying.has(method) ? { ...object, copy: true, deep: false } : { ...object, copy: false, deep: true };
  return given();
}

function joined<Origin>(sources: readonly (Source<Origin> | undefined)[]): Source<Origin> | undefined {
  const all = sources.filter((one) => one !== undefined);
  if (all.length < 2) return all[0];
  return {
    origins: [...new Set(all.flatMap(({ origins }) => origins))],
    copy: all.every(({ copy }) => copy),
    deep: all.some(({ deep }) => deep),
  };
}

function copied<Origin>(source: Source<Origin> | undefined): Source<Origin> | undefined {
  return source && { ...source, copy: true, deep: false };
}

/** `a.b.c` as text; empty for anything else. */
export function pathOf(node: AnyNode): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return "";
  const object = pathOf(node.object as AnyNode);
  return object === "" ? "" : `${object}.${node.property.name}`;
}

/** The name of the method that is called, where it stands in the text. */
export function methodName(callee: AnyNode): string {
  return callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier"
    ? callee.property.name
    : "";
}

/** True where the method changes no more than the container that it is called on, and that is new: `rows.slice().sort()`. */
export function rearrangesCopy<Origin>(callee: MemberExpression, lookup: Lookup<Origin>): boolean {
  return rearranging.has(methodName(callee)) && sourceOf(callee.object as AnyNode, lookup)?.copy === true;
}

/** True for calls such as `Object.assign(target, …)`, which change what they are given first. */
export function changesFirst({ callee }: CallExpression | NewExpression): boolean {
  return changing.test(pathOf(callee as AnyNode));
}

/** Every name that a value gets which comes from another: `const b = a.rows`, `for (const row of rows)`, `rows.map((row) => …)`. */
export function namings(
  node: AnyNode,
): readonly { readonly names: readonly string[]; readonly value: AnyNode; readonly deep: boolean }[] {
  switch (node.type) {
    case "VariableDeclarator":
      return node.init ? [{ names: patternNames(node.id), value: node.init, deep: node.id.type !== "Identifier" }] : [];
    case "AssignmentExpression":
      return node.left.type === "MemberExpression" || !/^(=|\?\?=|\|\|=|&&=)$/.test(node.operator)
        ? []
        : [{ names: patternNames(node.left as never), value: node.right, deep: node.left.type !== "Identifier" }];
    case "ForOfStatement":
    case "ForInStatement": {
      const [declarator] = node.left.type === "VariableDeclaration" ? node.left.declarations : [];
      return declarator ? [{ names: patternNames(declarator.id), value: node.right, deep: true }] : [];
    }
    case "CallExpression": {
      const { callee, arguments: args } = node;
      if (callee.type !== "MemberExpression") return [];
      const value = callee.object as AnyNode;
      return args.flatMap((one) => {
        if (one.type !== "ArrowFunctionExpression" && one.type !== "FunctionExpression") return [];
        const [first, ...others] = one.params;
        const begin = args[1];
        // The first parameter of `reduce` is what the second argument was.
        if (first && begin && /^reduce(Right)?$/.test(methodName(callee)))
          return [
            { names: patternNames(first), value: begin, deep: first.type !== "Identifier" },
            { names: others.flatMap((one) => patternNames(one)), value, deep: true },
          ];
        return [{ names: one.params.flatMap((one) => patternNames(one)), value, deep: true }];
      });
    }
    default:
      return [];
  }
}

/** The objects whose members an assignment sets. */
export function assignedObjects(left: Pattern): AnyNode[] {
  switch (left.type) {
    case "MemberExpression":
      return [left.object as AnyNode];
    case "ObjectPattern":
      return left.properties.flatMap((one) => assignedObjects(one.type === "RestElement" ? one.argument : one.value));
    case "ArrayPattern":
      return left.elements.flatMap((one) => (one ? assignedObjects(one) : []));
    case "AssignmentPattern":
      return assignedObjects(left.left);
    case "RestElement":
      return assignedObjects(left.argument);
    default:
      return [];
  }
}
