import { types } from "node:util";
import type { Bindings } from "./bindings.ts";
import type { CellProgram } from "./cell-program.ts";
import type { Deferred, NamedCall } from "./named-calls.ts";
import { type ParameterEffects, parameterEffects } from "./parameter-effects.ts";

type Passed = NamedCall["passed"][number];

/** What cells have said of a name. */
interface KnownName {
  /** What the functions and classes do that stand beside its declaration. */
  readonly effects: Deferred | undefined;
  /** Whether it was declared as a function or class. */
  readonly callable: boolean;
  /** Of the function that it holds. */
  text: string | undefined;
  /** What that does to its arguments, read when it is first asked for. */
  parameters?: { readonly effects: ParameterEffects | undefined };
}

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
  /** Names of which more is known than that they are variables. */
  readonly #known = new Map<string, KnownName>();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** Remembers what the functions of a cell do that is about to run. */
  enter(program: CellProgram): void {
    const { deferred, callables, lexical, functions, vars, texts, writes } = program;
    const { reads, writes: written, touches, looks } = deferred;
    const effects = reads.size + written.size + touches.size + looks.size > 0 ? deferred : undefined;
    // An assignment changes what a name holds, a declaration the rest too.
    for (const name of writes) {
      const known = this.#known.get(name);
      if (known) known.text = undefined;
    }
    for (const declared of [lexical, functions, vars])
      for (const name of declared) {
        const callable = callables.has(name);
        const text = texts.get(name);
        if (effects || callable || text !== undefined) this.#known.set(name, { effects, callable, text });
        else this.#known.delete(name);
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
      if (!this.#known.get(callee)?.callable && !program.callables.has(callee)) change(callee);
      for (const one of passed) if (this.#changesArgument(program, callee, one)) change(one.name);
    }
    const seen = new Set(program.uses);
    // What one cell declares has its effects in common.
    const entered = new Set<Deferred>();
    for (const name of seen) {
      const effects = this.#known.get(name)?.effects;
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
    return {
      reads: [...reads].filter((name) => this.#isShared(name)),
      writes: [...writes],
      later: [...later].filter((name) => writes.has(name) || this.#isShared(name)),
      ...(opaque ? { opaque } : {}),
    };
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
    if (program.writes.has(name)) {
      const text = program.texts.get(name);
      return text === undefined ? undefined : parameterEffects(text);
    }
    const known = this.#known.get(name);
    if (known?.text === undefined) return undefined;
    known.parameters ??= { effects: parameterEffects(known.text) };
    return known.parameters.effects;
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
