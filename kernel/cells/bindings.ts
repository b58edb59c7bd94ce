import { Script } from "node:vm";

/**
 * One variable of a notebook. Cells read and write `v`: an own property once the variable is declared (read-only for `const`),
 * else an accessor that falls back to the global of the name, or throws a `ReferenceError` as the language does.
 */
export class Binding {
  readonly name: string;
  /** True while a cell that declares the name has started and not yet come to the declaration. */
  pending = false;
  /** Where its value comes from: a cell, an import, or the kernel itself. */
  source: "nothing" | "cell" | "import" | "kernel" = "nothing";
  declare v: unknown;

  constructor(name: string) {
    this.name = name;
  }

  /** True once a cell has declared the name. */
  get bound(): boolean {
    const own = Object.getOwnPropertyDescriptor(this, "v");
    return own !== undefined && !(own.get && globalAccessors.has(own.get));
  }

  /** The value for `typeof`, which never throws. */
  get u(): unknown {
    return this.bound || this.name in globalThis ? this.v : undefined;
  }

  /** Declares a constant. */
  c(value: unknown): void {
    this.pending = false;
    this.source = "cell";
    Object.defineProperty(this, "v", { value, writable: false, enumerable: true, configurable: true });
  }

  /** Declares a variable, function or class. */
  d(value: unknown): void {
    this.pending = false;
    this.source = "cell";
    Object.defineProperty(this, "v", { value, writable: true, enumerable: true, configurable: true });
  }

  /** Declares a name that follows a value elsewhere: an import. */
  follow(get: () => unknown): void {
    this.pending = false;
    this.source = "import";
    Object.defineProperty(this, "v", {
      get,
      set: () => {
        throw new TypeError("Assignment to constant variable.");
      },
      enumerable: true,
      configurable: true,
    });
  }

  /** Hoists a `var`: keeps a value that is there. */
  hoist(): void {
    this.d(this.bound ? this.v : undefined);
  }

  /** Makes the name undeclared again. */
  remove(): void {
    delete (this as { v?: unknown }).v;
  }
}

const globalAccessors = new WeakSet<() => unknown>();
const compiledAccessors = new Map<string, { get: () => unknown; set: (value: unknown) => void }>();

Object.defineProperty(Binding.prototype, "v", {
  get(this: Binding) {
    if (this.name in globalThis) return Reflect.get(globalThis, this.name);
    throw new ReferenceError(
      this.pending ? `Cannot access '${this.name}' before initialization` : `${this.name} is not defined`,
    );
  },
  set(this: Binding, value: unknown) {
    if (!(this.name in globalThis))
      throw new ReferenceError(
        this.pending ? `Cannot access '${this.name}' before initialization` : `${this.name} is not defined`,
      );
    Reflect.set(globalThis, this.name, value);
  },
});

/** Reads and writes of a global that V8 can inline, unlike a lookup by a name in a variable. */
function globalAccessor(name: string): { get: () => unknown; set: (value: unknown) => void } {
  let accessor = compiledAccessors.get(name);
  if (!accessor) {
    accessor = new Script(`({get(){"use strict";return ${name}},set(v){"use strict";${name}=v}})`, {
      filename: "node:assay/globals",
    }).runInThisContext() as { get: () => unknown; set: (value: unknown) => void };
    globalAccessors.add(accessor.get);
    compiledAccessors.set(name, accessor);
  }
  return accessor;
}

/** The variables of a notebook, shared by its cells. */
export class Bindings {
  readonly #all = new Map<string, Binding>();

  /** The binding of a name, made when it is first mentioned. */
  get(name: string): Binding {
    let binding = this.#all.get(name);
    if (!binding) {
      binding = new Binding(name);
      if (name in globalThis)
        Object.defineProperty(binding, "v", { ...globalAccessor(name), enumerable: true, configurable: true });
      this.#all.set(name, binding);
    }
    return binding;
  }

  /** True when a cell has declared the name. */
  has(name: string): boolean {
    return this.#all.get(name)?.bound === true;
  }

  /** Declared names with their bindings. */
  *[Symbol.iterator](): Generator<Binding> {
    for (const binding of this.#all.values()) if (binding.bound) yield binding;
  }
}
