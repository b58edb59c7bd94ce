import type { AnyNode, Identifier, Pattern } from "acorn";
import {
  assignedObjects,
  changesFirst,
  type Lookup,
  methodName,
  namings,
  rearrangesCopy,
  type Source,
  sourceOf,
} from "./handled-values.ts";
import { isHarmlessFunction, isLookingMethod } from "./looking.ts";
import { parsedModule } from "./parse.ts";
import { patternNames } from "./references.ts";

/** How far a function may change an argument: not, only the container itself, or what is in it as well. */
export type Reach = "none" | "container" | "members";

/** What a function may do to its arguments. */
export interface ParameterEffects {
  /** By the position of the argument; the last holds for all that follow where `rest` is true. */
  readonly reach: readonly Reach[];
  readonly rest: boolean;
  /** Arguments that it hands on to another function by name. A position of -1 stands for any. */
  readonly handedOn: readonly {
    readonly argument: number;
    readonly callee: string;
    readonly position: number;
    readonly copy: boolean;
    readonly deep: boolean;
  }[];
}

/**
 * Reads from the text of a function, or class, what it may do to its arguments. Where the text does not tell, the answer is that it
 * changes them. Undefined for what changes them all for all that is known.
 */
export function parameterEffects(text: string): ParameterEffects | undefined {
  let node: AnyNode | undefined;
  try {
    const [statement] = parsedModule(`(${text})`).body;
    if (statement?.type === "ExpressionStatement") node = statement.expression;
  } catch {
    return undefined;
  }
  if (node?.type === "ClassExpression") {
    const own = node.body.body.find((one) => one.type === "MethodDefinition" && one.kind === "constructor");
    // A constructor may keep what it is given, and a method change it.
    return own || node.superClass ? undefined : { reach: [], rest: false, handedOn: [] };
  }
  if (node?.type !== "FunctionExpression" && node?.type !== "ArrowFunctionExpression") return undefined;
  return effectsOf(node.params, node.body);
}

function effectsOf(params: readonly Pattern[], body: AnyNode): ParameterEffects | undefined {
  const sources = new Map<string, Source<number>>();
  const nodes = [...params, body].flatMap((one) => [...within(one as AnyNode)]);
  if (nodes.some((one) => one.type === "Identifier" && (one.name === "arguments" || one.name === "eval")))
    return undefined;
  for (const [at, param] of params.entries())
    for (const name of patternNames(param))
      sources.set(name, { origins: [at], copy: false, deep: plain(param).type !== "Identifier" });
  const lookup: Lookup<number> = ({ name }) => sources.get(name);
  nameAll(nodes, sources, lookup);

  const reach = params.map((): Reach => "none");
  const handedOn: ParameterEffects["handedOn"][number][] = [];
  const change = (source: Source<number> | undefined) => {
    if (!source || (source.copy && !source.deep)) return;
    for (const at of source.origins)
      if (source.deep || reach[at] === "none") reach[at] = source.deep ? "members" : "container";
  };
  const changeAll = (source: Source<number> | undefined) => source && change({ ...source, deep: true });
  const hand = (source: Source<number> | undefined, callee: string, position: number) => {
    const { origins, copy, deep } = source ?? { origins: [], copy: false, deep: false };
    for (const argument of origins) handedOn.push({ argument, callee, position, copy, deep });
  };

  for (const node of nodes) {
    switch (node.type) {
      case "AssignmentExpression":
        for (const target of assignedObjects(node.left as Pattern)) change(sourceOf(target, lookup));
        break;
      case "UpdateExpression":
        if (node.argument.type === "MemberExpression") change(sourceOf(node.argument.object as AnyNode, lookup));
        break;
      case "UnaryExpression":
        if (node.operator === "delete") {
          const member = node.argument.type === "ChainExpression" ? node.argument.expression : node.argument;
          if (member.type === "MemberExpression") change(sourceOf(member.object as AnyNode, lookup));
        }
        break;
      case "TaggedTemplateExpression":
        for (const one of node.quasi.expressions) handTo(node.tag, sourceOf(one, lookup), -1);
        break;
      case "CallExpression":
      case "NewExpression":
        call(node);
    }
  }
  return { reach, rest: params.at(-1)?.type === "RestElement", handedOn };

  function call(node: Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>): void {
    const { callee, arguments: args } = node;
    if (changesFirst(node)) change(args[0] && sourceOf(args[0], lookup));
    if (callee.type === "MemberExpression") {
      const method = methodName(callee);
      const object = sourceOf(callee.object as AnyNode, lookup);
      if (object && !isLookingMethod(method) && !rearrangesCopy(callee, lookup)) change(object);
      if (method === "call" || method === "apply" || method === "bind")
        for (const one of args) handTo(callee.object as AnyNode, sourceOf(one, lookup), -1);
      // A function that is passed by its name gets the members: `rows.forEach(mark)`.
      else if (object)
        for (const one of args) if (one.type === "Identifier") handTo(one, { ...object, copy: false, deep: true }, -1);
      return;
    }
    const spread = args.findIndex((one) => one.type === "SpreadElement");
    for (const [at, one] of args.entries()) {
      const source = sourceOf(one, lookup);
      if (one.type === "SpreadElement") handTo(callee as AnyNode, source && { ...source, copy: false, deep: true }, -1);
      else handTo(callee as AnyNode, source, spread >= 0 && at > spread ? -1 : at);
    }
  }

  function handTo(callee: AnyNode, source: Source<number> | undefined, position: number): void {
    if (!source) return;
    if (callee.type !== "Identifier") return changeAll(source);
    if (isHarmlessFunction(callee.name)) return;
    // A function that was an argument itself, or one from inside: its text is not followed.
    if (sources.has(callee.name) || declaredInside(nodes, callee)) changeAll(source);
    else hand(source, callee.name, position);
  }
}

/** Adds names of values that come from named ones, until there are no more. */
function nameAll(nodes: readonly AnyNode[], sources: Map<string, Source<number>>, lookup: Lookup<number>): void {
  const found = nodes.flatMap((node) => namings(node));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { names, value, deep } of found) {
      const source = sourceOf(value, lookup);
      if (!source) continue;
      for (const name of names) {
        const known = sources.get(name);
        const next: Source<number> = {
          origins: [...new Set([...(known?.origins ?? []), ...source.origins])],
          copy: source.copy && !deep && known?.copy !== false,
          deep: source.deep || deep || known?.deep === true,
        };
        if (
          known &&
          known.origins.length === next.origins.length &&
          known.copy === next.copy &&
          known.deep === next.deep
        )
          continue;
        sources.set(name, next);
        grew = true;
      }
    }
  }
}

function declaredInside(nodes: readonly AnyNode[], { name }: Identifier): boolean {
  return nodes.some(
    (one) =>
      (one.type === "FunctionDeclaration" && one.id?.name === name) ||
      (one.type === "ClassDeclaration" && one.id?.name === name) ||
      (one.type === "VariableDeclarator" && patternNames(one.id).includes(name)),
  );
}

function plain(param: Pattern): Pattern {
  return param.type === "AssignmentPattern" ? param.left : param;
}

/** A node and all below it. */
function* within(node: AnyNode): Generator<AnyNode> {
  yield node;
  for (const value of Object.values(node))
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === "object" && one !== null && "type" in one && typeof one.type === "string") yield* within(one);
}
