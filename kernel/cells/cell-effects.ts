import type { AnyNode, Identifier, Pattern } from "acorn";
import { assignedObjects } from "./handled-values.ts";
import { looksOnly } from "./looking.ts";
import { changedFirst, type Deferred, type NamedCall, passedNodes, rearrangesNew, rootOf } from "./named-calls.ts";

/** What a cell does with variables of the notebook, as far as its text tells. */
export interface CellEffects {
  /** Names that the cell uses without declaring them. */
  readonly reads: ReadonlySet<string>;
  /** Names that it declares or assigns. */
  readonly writes: ReadonlySet<string>;
  /** Names of values that it may change in place: it calls their methods, or assigns to their members. */
  readonly touches: ReadonlySet<string>;
  /** Names of values of which it calls methods that only look, as far as their names tell. */
  readonly looks: ReadonlySet<string>;
  /** What happens only when functions and classes of the cell are called. */
  readonly deferred: Deferred;
  /** Names that are declared as functions or classes, so that calling them changes nothing but what their text says. */
  readonly callables: ReadonlySet<string>;
  /** The texts of those of them that are never assigned anew. */
  readonly texts: ReadonlyMap<string, string>;
  /** Calls of a name, also those inside functions. */
  readonly calls: readonly NamedCall[];
  /** Names that the code uses as values. */
  readonly uses: ReadonlySet<string>;
  /** True when it evaluates text with a direct `eval`, so that nobody can tell what it reads. */
  readonly opaque: boolean;
}

/** Gathers the effects of a cell as its syntax is walked: every node when it is entered, and every use of a variable of the notebook. */
export class EffectsReader {
  readonly #code: string;
  readonly #declared: ReadonlySet<string>;
  readonly #reads = new Set<string>();
  readonly #writes: Set<string>;
  readonly #touches = new Set<string>();
  readonly #looks = new Set<string>();
  readonly #uses = new Set<string>();
  readonly #deferred = {
    reads: new Set<string>(),
    writes: new Set<string>(),
    touches: new Set<string>(),
    looks: new Set<string>(),
    calls: [] as NamedCall[],
  };
  readonly #callables: Set<string>;
  readonly #texts = new Map<string, string>();
  readonly #calls: NamedCall[] = [];
  readonly #assigned = new Set<string>();
  /** What to do when a node turns out to be a name of the notebook, and not one of an inner scope. */
  readonly #whenShared = new Map<AnyNode, ((name: string, nested: boolean) => void)[]>();
  #opaque = false;

  /**
   * @param code the JavaScript that the nodes are of
   * @param declared the names that the cell declares at top level
   * @param functions those of them that are functions
   */
  constructor(code: string, declared: ReadonlySet<string>, functions: readonly string[]) {
    this.#code = code;
    this.#declared = declared;
    this.#writes = new Set(declared);
    this.#callables = new Set(functions);
  }

  enter(node: AnyNode, topLevel: boolean): void {
    switch (node.type) {
      case "CallExpression":
        if (!rearrangesNew(node)) this.#changedInPlace(node.callee as AnyNode, looksOnly(node));
        return this.#called(node, topLevel);
      case "NewExpression":
        return this.#called(node, topLevel);
      case "VariableDeclarator":
        if (topLevel && node.id.type === "Identifier" && node.init && isFunction(node.init))
          this.#callable(node.id.name, node.init);
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        if (topLevel && node.id) this.#callable(node.id.name, node);
        return;
      case "AssignmentExpression":
        for (const object of assignedObjects(node.left as Pattern)) {
          const root = rootOf(object);
          if (root) this.#touched(root, false);
        }
        return;
      case "UpdateExpression":
        return this.#changedInPlace(node.argument);
      case "UnaryExpression":
        if (node.operator === "delete") this.#changedInPlace(node.argument);
    }
  }

  /** A use of a variable of the notebook; `nested` in functions of the cell. */
  use(node: Identifier, changes: boolean, nested: boolean): void {
    const { name } = node;
    if (!this.#declared.has(name)) this.#reads.add(name);
    this.#uses.add(name);
    if (changes) {
      this.#writes.add(name);
      this.#assigned.add(name);
    }
    for (const told of this.#whenShared.get(node) ?? []) told(name, nested);
    if (nested) (changes ? this.#deferred.writes : this.#deferred.reads).add(name);
  }

  /** What was gathered so far. */
  effects(): CellEffects {
    return {
      reads: this.#reads,
      writes: this.#writes,
      touches: this.#touches,
      looks: this.#looks,
      uses: this.#uses,
      deferred: this.#deferred,
      callables: this.#callables,
      texts: new Map([...this.#texts].filter(([name]) => !this.#assigned.has(name))),
      calls: this.#calls,
      opaque: this.#opaque,
    };
  }

  #callable(name: string, node: AnyNode): void {
    this.#callables.add(name);
    this.#texts.set(name, this.#code.slice(node.start, node.end));
  }

  #called(node: Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>, topLevel: boolean): void {
    const { callee, arguments: args } = node;
    for (const name of changedFirst(node)) this.#touched(name, false);
    if (callee.type !== "Identifier") return;
    // `eval` is no variable: a direct call belongs to the language.
    if (callee.name === "eval") {
      this.#opaque = true;
      return;
    }
    const call: NamedCall = { callee: callee.name, passed: [] };
    this.#calls.push(call);
    if (!topLevel) this.#deferred.calls.push(call);
    for (const { node, ...how } of passedNodes(args))
      this.#whenFree(node, (name) => void call.passed.push({ name, ...how }));
  }

  #changedInPlace(node: AnyNode, looking = false): void {
    if (node.type !== "MemberExpression") return;
    const root = rootOf(node);
    if (root) this.#touched(root, looking);
  }

  #touched(node: AnyNode, looking: boolean): void {
    const [now, later] = looking ? [this.#looks, this.#deferred.looks] : [this.#touches, this.#deferred.touches];
    this.#whenFree(node, (name, nested) => {
      now.add(name);
      if (nested) later.add(name);
    });
  }

  #whenFree(node: AnyNode, tell: (name: string, nested: boolean) => void): void {
    const known = this.#whenShared.get(node);
    if (known) known.push(tell);
    else this.#whenShared.set(node, [tell]);
  }
}

/** An expression that makes a function or a class. */
export function isFunction(node: AnyNode | null | undefined): boolean {
  return (
    node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression" || node?.type === "ClassExpression"
  );
}
