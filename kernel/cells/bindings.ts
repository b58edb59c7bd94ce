import { Script } from "node:vm";
import { currentExecution } from "./execution.ts";

/** The cell execution that gave a variable its value. */
export interface Writer {
  readonly cellId: string;
  readonly executionId: string;
}

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
  /** Its number in the order of first declarations; 0 before. */
  order = 0;
  /** Who last declared or assigned it. */
  writer: Writer | undefined;
  declare v: unknown;
  #imported: (() => PropertyDescriptor | undefined) | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** True once a cell has declared the name. */
  get bound(): boolean {
    return this.source !== "nothing";
  }

  /** The value for `typeof`, which never throws. */
  get u(): unknown {
    return this.bound || this.name in globalThis ? this.v : undefined;
  }

  /** Declares a constant. */
  c(value: unknown): void {
    this.#written("cell");
    Object.defineProperty(this, "v", { value, writable: false, enumerable: true, configurable: true });
  }

  /** Declares a variable, function or class. */
  d(value: unknown): void {
    this.#written("cell");
    Object.defineProperty(this, "v", { value, writable: true, enumerable: true, configurable: true });
  }

  /** Declares a name that follows a value elsewhere: an import. `peek` tells what is there without running code. */
  follow(get: () => unknown, peek: () => PropertyDescriptor | undefined): void {
    this.#written("import");
    this.#imported = peek;
    Object.defineProperty(this, "v", {
      get,
      set: () => {
        throw new TypeError("Assignment to constant variable.");
      },
      enumerable: true,
      configurable: true,
    });
  }

  /** What the variable holds, without running a getter of anybody's. Undefined while it is not declared. */
  peek(): PropertyDescriptor | undefined {
    return this.bound ? (this.#imported?.() ?? Object.getOwnPropertyDescriptor(this, "v")) : undefined;
  }

  #written(source: "cell" | "import"): void {
    this.pending = false;
    this.source = source;
    this.#imported = undefined;
    this.order ||= ++declarations;
    this.writer = currentWriter();
  }

  /** Hoists a `var`: keeps a value that is there. */
  hoist(): void {
    this.d(this.bound ? this.v : undefined);
  }

  /** Notes that the running cell assigns it. */
  assigned(): void {
    this.writer = currentWriter();
  }
}

let declarations = 0;
let latestWriter: Writer | undefined;

/** The running execution as a writer: one object for all that it declares. */
function currentWriter(): Writer | undefined {
  const execution = currentExecution();
  if (!execution) return undefined;
  if (latestWriter?.executionId !== execution.id)
    latestWriter = { cellId: execution.cell.id, executionId: execution.id };
  return latestWriter;
}

interface GlobalAccessor {
  readonly get: () => unknown;
  readonly set: (value: unknown) => void;
}

const globalAccessors = new Map<string, GlobalAccessor>();

Object.defineProperty(Binding.prototype, "v", {
  get(this: Binding) {
    return globalOf(this).get();
  },
  set(this: Binding, value: unknown) {
    globalOf(this).set(value);
  },
});

/** The global that stands for a variable which is not declared, from now on without a detour over here. */
function globalOf(binding: Binding): GlobalAccessor {
  const { name, pending } = binding;
  if (!(name in globalThis))
    throw new ReferenceError(pending ? `Cannot access '${name}' before initialization` : `${name} is not defined`);
  const accessor = globalAccessor(name);
  Object.defineProperty(binding, "v", { ...accessor, enumerable: true, configurable: true });
  return accessor;
}

/** Reads and writes of a global that V8 can inline, unlike a lookup by a name in a variable. */
function globalAccessor(name: string): GlobalAccessor {
  let accessor = globalAccessors.get(name);
  if (!accessor) {
    accessor = new Script(`({get(){"use strict";return ${name}},set(v){"use strict";${name}=v}})`, {
      filename: "node:assay/globals",
    }).runInThisContext() as GlobalAccessor;
    globalAccessors.set(name, accessor);
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
      this.#all.set(name, binding);
    }
    return binding;
  }

  /** How many names were declared so far; none becomes undeclared again. */
  get declared(): number {
    return declarations;
  }

  /** True when a cell has declared the name. */
  has(name: string): boolean {
    return this.#all.get(name)?.bound === true;
  }

  /**
   * Lets code that is made from text (`eval`) see the variables: they become properties of the global object, but for those that have
   * a global of the same name. Text cannot be rewritten in the scope where it will run.
   */
  expose(): void {
    for (const binding of this) {
      if (binding.name in globalThis) continue;
      const get = () => binding.v;
      const set = (value: unknown) => {
        binding.v = value;
      };
      Object.defineProperty(globalThis, binding.name, { get, set, configurable: true, enumerable: false });
    }
  }

  /** Declared names with their bindings. */
  *[Symbol.iterator](): Generator<Binding> {
    for (const binding of this.#all.values()) if (binding.bound) yield binding;
  }
}
