import { types } from "node:util";
import type { Bindings } from "./bindings.ts";
import type { CellProgram } from "./cell-program.ts";
import type { NamedCall } from "./named-calls.ts";
import { type ParameterEffects, parameterEffects } from "./parameter-effects.ts";

type Passed = NamedCall["passed"][number];

/** Variables of the notebook that a cell reads, and those that it sets or may change. */
export interface CellDependencies {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What its functions and classes use when they are called. */
  readonly later: readonly string[];
  /** True when its text does not tell. */
  readonly opaque?: true;
}

/**
 * Knows what cells may do to variables of the notebook: what their text says, what the functions do that they use, and what happens
 * to objects that they pass on. It errs on the side of too much: a change that is missed would make a record wrong.
 */
export class Dependencies {
  readonly #bindings: Bindings;
  /** What the functions and classes do that stand beside the declaration of a name. */
  readonly #effects = new Map<string, CellProgram["deferred"]>();
  readonly #callables = new Set<string>();
  readonly #texts = new Map<string, string>();
  /** What functions do to their arguments, read when it is first asked for. */
  readonly #parameters = new Map<string, ParameterEffects | undefined>();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** Remembers what the functions of a cell do that is about to run. */
  enter(program: CellProgram): void {
    const { deferred, callables, lexical, functions, vars, texts, writes } = program;
    for (const name of writes) {
      this.#parameters.delete(name);
      const text = texts.get(name);
      if (text === undefined) this.#texts.delete(name);
      else this.#texts.set(name, text);
    }
    for (const name of [...lexical, ...functions, ...vars]) {
      if (deferred.reads.size + deferred.writes.size + deferred.touches.size + deferred.looks.size > 0)
        this.#effects.set(name, deferred);
      else this.#effects.delete(name);
      if (callables.has(name)) this.#callables.add(name);
      else this.#callables.delete(name);
    }
  }

  of(program: CellProgram): CellDependencies {
    const imported = new Set(program.imports.flatMap((one) => one.bindings.map(({ local }) => local)));
    const reads = new Set(program.reads);
    const writes = new Set(program.writes);
    const change = (name: string) => {
      if (!imported.has(name) && this.#isChangeable(name)) writes.add(name);
    };
    const look = (name: string) => {
      if (!this.#isKnownKind(name)) change(name);
    };
    program.touches.forEach(change);
    program.looks.forEach(look);
    for (const { callee, passed } of program.calls) {
      if (!this.#isOwn(callee) || imported.has(callee)) continue;
      // What a call gave may keep a state of its own: a counter, a generator's `next`.
      if (!this.#callables.has(callee) && !program.callables.has(callee)) change(callee);
      for (const one of passed) if (this.#changesArgument(program, callee, one)) change(one.name);
    }
    const seen = new Set(program.uses);
    // What one cell declares has its effects in common.
    const entered = new Set<CellProgram["deferred"]>();
    for (const name of seen) {
      const effects = this.#effects.get(name);
      if (!effects || entered.has(effects)) continue;
      entered.add(effects);
      for (const one of effects.reads) seen.add(one);
      for (const one of effects.writes) {
        reads.add(one);
        writes.add(one);
      }
      for (const one of effects.touches) {
        reads.add(one);
        change(one);
      }
      for (const one of effects.looks) look(one);
      for (const { callee, passed } of effects.calls) {
        if (!this.#isOwn(callee) || imported.has(callee)) continue;
        for (const one of passed)
          if (this.#changesArgument(program, callee, one)) {
            reads.add(one.name);
            change(one.name);
          }
      }
    }
    const { deferred, opaque } = program;
    const later = new Set([...deferred.reads, ...deferred.writes, ...deferred.touches, ...deferred.looks]);
    const shared = (names: Iterable<string>) => [...names].filter((name) => this.#isShared(name));
    return { reads: shared(reads), writes: [...writes], later: shared(later), ...(opaque ? { opaque } : {}) };
  }

  /** Whether a function may change what it is given in a place. Where its text is not known, or does not tell, it may. */
  #changesArgument(
    program: CellProgram,
    callee: string,
    { position, copy, deep }: Omit<Passed, "name">,
    asked: ReadonlySet<string> = new Set(),
  ): boolean {
    const effects = this.#parametersOf(program, callee);
    if (!effects) return true;
    const reaches = (at: number) => {
      const reach = effects.reach[at] ?? (effects.rest ? effects.reach.at(-1) : undefined) ?? "none";
      return reach === "members" || (reach === "container" && !copy);
    };
    if (position < 0 ? effects.reach.some((_, at) => reaches(at)) : reaches(position)) return true;
    const key = `${callee} ${position} ${copy}`;
    // A function that calls itself adds nothing.
    if (asked.has(key)) return false;
    return effects.handedOn.some((one) => {
      const last = effects.rest && position >= effects.reach.length - 1 ? effects.reach.length - 1 : position;
      if (position >= 0 && one.argument !== last) return false;
      if (this.#bindings.get(one.callee).source === "kernel" || !this.#isOwn(one.callee)) return false;
      const handed = { position: one.position, copy: (copy && !one.deep) || one.copy, deep: deep || one.deep };
      return this.#changesArgument(program, one.callee, handed, new Set([...asked, key]));
    });
  }

  #parametersOf(program: CellProgram, name: string): ParameterEffects | undefined {
    const own = program.writes.has(name);
    const text = own ? program.texts.get(name) : this.#texts.get(name);
    if (text === undefined) return undefined;
    if (own) return parameterEffects(text);
    if (!this.#parameters.has(name)) this.#parameters.set(name, parameterEffects(text));
    return this.#parameters.get(name);
  }

  /** A variable of the notebook, or a name that may still become one. */
  #isShared(name: string): boolean {
    const { source } = this.#bindings.get(name);
    return source !== "kernel" && !(source === "nothing" && name in globalThis);
  }

  #isOwn(name: string): boolean {
    return this.#isShared(name) && this.#bindings.get(name).source !== "import";
  }

  /** A value whose methods are those that their names promise, or one that is not there yet to be asked. */
  #isKnownKind(name: string): boolean {
    const binding = this.#bindings.get(name);
    if (binding.source !== "cell") return true;
    const value = binding.v;
    return Array.isArray(value) || ArrayBuffer.isView(value) || types.isMap(value) || types.isSet(value);
  }

  /** Numbers and texts cannot be changed in place. */
  #isChangeable(name: string): boolean {
    if (!this.#isOwn(name)) return false;
    const binding = this.#bindings.get(name);
    if (binding.source === "nothing") return true;
    const value = binding.v;
    return (typeof value === "object" && value !== null) || typeof value === "function";
  }
}
