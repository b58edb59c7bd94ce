import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { Script } from "node:vm";
import type { CellSource } from "../protocol/messages.ts";
import { ownProperty } from "../sdk/values/own.ts";
import { Bindings } from "./bindings.ts";
import { type CellProgram, cellProgram } from "./cell-program.ts";
import { type CellDependencies, Dependencies } from "./dependencies.ts";
import { afterAwait, InterruptedError } from "./execution.ts";
import type { ImportRequest } from "./imports.ts";
import { intrinsics } from "./intrinsics.ts";
import { type LocalModule, LocalModules } from "./modules/local-modules.ts";
import { importMeta, type Namespace } from "./modules/namespaces.ts";
import { resolveImport } from "./modules/resolve.ts";
import { neededCells } from "./needed-cells.ts";
import { display, importSdk, requireSdk } from "./sdk-access.ts";
import { cellLabel, cellTrace, cleanMessage, nameSource, type Place, runsNow, traceSource } from "./trace.ts";
import { loadStripper, SourceSyntaxError } from "./typescript.ts";

type CellFunction = (...args: unknown[]) => unknown;

interface Compiled {
  readonly program: CellProgram;
  readonly body: CellFunction;
  readonly filename: string;
  /** Lives as long as a function of the cell: its source is known to traces until then. */
  readonly code: object;
}

/** Compiled cells that are kept at most. */
const mostCompiled = 500;

const intrinsicsAndReact = [...intrinsics, "React"];

/** Text of cells that may change what all objects have in common, so that Node could not load parts of itself any more. */
const changesAllObjects = /prototype|__proto__|PrototypeOf|freeze/i;

/** What a run of a cell gave. */
export interface CellValue {
  /** True when the last statement is an expression. */
  shown: boolean;
  value: unknown;
}

/** The scope of a notebook, and the running of its cells in it. */
export class Notebook {
  readonly bindings = new Bindings();
  readonly modules: LocalModules;
  /** Stands for the notebook wherever a file is expected: its folder is where imports start. */
  readonly #path: string;
  readonly #meta: ImportMeta;
  readonly #dependencies = new Dependencies(this.bindings);
  /** By what they were compiled from, those that were used last at the end. */
  readonly #compiled = new Map<string, Compiled>();
  /** The cell that is running, which is asked for more than once. */
  #now: { readonly cell: CellSource; readonly compiled: Compiled } | undefined;
  /** What each cell was compiled from last. */
  readonly #latest = new Map<string, string>();
  #count = 0;
  /** What {@link #shadowedNames} gave when so many names were declared. */
  #shadowed = { declared: -1, names: "" };
  /** True once a cell has used a direct `eval`. */
  #evaluates = false;
  /** What was thrown last that is no error, and so does not know its place. */
  #thrown: { readonly value: unknown; readonly place: () => Place } | undefined;
  /** Where the cell that ran last failed, as far as its error does not tell: the import, the `await` or the `throw`. */
  failedAt: Place | undefined;

  constructor(path: string) {
    this.#path = path;
    this.modules = new LocalModules({
      importNode,
      requireNode: (url, parent) =>
        nodeNamespace(createRequire(parent)(url.startsWith("file:") ? fileURLToPath(url) : url)),
      importAssay: importSdk,
      requireAssay: requireSdk,
    });
    this.#meta = importMeta(path);
    const module = { exports: {} };
    const given = {
      require: this.modules.requireFrom(path),
      module,
      exports: module.exports,
      __filename: path,
      __dirname: dirname(path),
    };
    for (const [name, value] of Object.entries({ ...given, display })) {
      const binding = this.bindings.get(name);
      binding.d(value);
      binding.source = "kernel";
    }
  }

  /** The names by which a cell depends on others and others on it, as things are before it runs. */
  dependencies(cell: CellSource): CellDependencies {
    const { program } = this.#compile(cell);
    const names = this.#dependencies.of(program);
    this.#dependencies.enter(program);
    return names;
  }

  /** The cells that must run, in order, so that one can. */
  needed(cells: readonly CellSource[], target: string): string[] {
    const kernel = [...this.bindings].flatMap(({ name, source }) => (source === "kernel" ? [name] : []));
    return neededCells(cells, target, kernel);
  }

  /** The variables that a cell declares. */
  declares(cell: CellSource): readonly string[] {
    const { lexical, vars } = this.#compile(cell).program;
    return [...lexical, ...vars];
  }

  #compile(cell: CellSource): Compiled {
    if (this.#now?.cell !== cell) this.#now = { cell, compiled: this.#compiledOnce(cell) };
    return this.#now.compiled;
  }

  #compiledOnce(cell: CellSource): Compiled {
    // A front end that counts runs gives a cell another number each time.
    const key = `${this.#shadowedNames()}\n${cell.source}`;
    const known = this.#compiled.get(key);
    if (known) nameSource(known.filename, cellLabel(cell));
    const compiled = known ?? this.#compiledAnew(cell);
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    // A cell that was edited is hardly set back to what it was.
    const before = this.#latest.get(cell.id);
    if (before !== undefined && before !== key) this.#compiled.delete(before);
    this.#latest.delete(cell.id);
    this.#latest.set(cell.id, key);
    for (const map of [this.#compiled, this.#latest]) if (map.size > mostCompiled) map.delete(map.keys().next().value!);
    return compiled;
  }

  /** What cells have declared of the language's own names is read through bindings, so that programs differ by it. */
  #shadowedNames(): string {
    const { declared } = this.bindings;
    if (this.#shadowed.declared !== declared)
      this.#shadowed = { declared, names: intrinsicsAndReact.filter((name) => this.bindings.has(name)).join() };
    return this.#shadowed.names;
  }

  #compiledAnew(cell: CellSource): Compiled {
    if (changesAllObjects.test(cell.source)) loadStripper();
    const filename = `assay-cell-${++this.#count}`;
    const { program, script } = this.#programAndScript(cell.source, filename);
    const code = {};
    traceSource(filename, { ...cellTrace(cell), origin: program.origin }, code);
    return { program, body: script.runInThisContext() as CellFunction, filename, code };
  }

  #programAndScript(source: string, filename: string): { program: CellProgram; script: Script } {
    const isBound = (name: string) => this.bindings.has(name);
    try {
      const program = cellProgram(source, isBound);
      return { program, script: compiledScript(program, filename) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // Another parser may have better words for it.
      const program = cellProgram(source, isBound, true);
      return { program, script: compiledScript(program, filename) };
    }
  }

  /** Runs a cell to its end. Throws what the cell throws. */
  async run(cell: CellSource, loaded: (module: LocalModule) => void): Promise<CellValue> {
    this.failedAt = undefined;
    this.#thrown = undefined;
    const { program, body, filename, code } = this.#compile(cell);
    const placeOf = (offset: number, awaited = false): Place => ({
      ...cellTrace(cell),
      ...program.place(offset),
      awaited,
    });
    runsNow(filename);
    for (const name of program.writes) if (this.bindings.has(name)) this.bindings.get(name).assigned();
    for (const request of program.imports) {
      try {
        await this.#import(request, program, loaded);
      } catch (error) {
        this.failedAt = placeOf(request.offset);
        throw error;
      }
    }
    for (const name of program.vars) this.bindings.get(name).hoist();
    this.#evaluates ||= program.opaque;
    if (this.#evaluates) this.bindings.expose();
    const pending = program.lexical.map((name) => this.bindings.get(name)).filter((binding) => !binding.bound);
    for (const binding of pending) binding.pending = true;
    const result: CellValue = { shown: false, value: undefined };
    /** The `await` at top level that has not come back. */
    let awaits: number | undefined;
    try {
      await body(
        ...program.names.map((name) => this.bindings.get(name)),
        (value: unknown) => Object.assign(result, { shown: true, value }),
        (specifier: unknown, options?: ImportCallOptions) => this.#dynamicImport(String(specifier), options, loaded),
        this.#meta,
        (offset: number, value: unknown) => {
          awaits = offset;
          return value;
        },
        (offset: number, value: unknown) => {
          if (!types.isNativeError(value)) this.#thrown = { value, place: () => placeOf(offset) };
          return value;
        },
        (value: unknown, top?: 1) => {
          if (top) awaits = undefined;
          return afterAwait(value);
        },
        caught,
        code,
      );
    } catch (error) {
      this.failedAt = this.#thrownAt(error) ?? (awaits === undefined ? undefined : placeOf(awaits, true));
      throw error;
    } finally {
      for (const binding of pending) binding.pending = false;
    }
    return result;
  }

  #thrownAt(value: unknown): Place | undefined {
    return this.#thrown && Object.is(this.#thrown.value, value) ? this.#thrown.place() : undefined;
  }

  async #import(request: ImportRequest, program: CellProgram, loaded: (module: LocalModule) => void): Promise<void> {
    const namespace = await this.#load(request.specifier, request.type, loaded);
    for (const { local, imported } of request.bindings) {
      const binding = this.bindings.get(local);
      if (imported === "*")
        binding.follow(
          () => namespace,
          () => ({ value: namespace }),
        );
      else if (imported in namespace)
        binding.follow(
          () => namespace[imported],
          () => ownProperty(namespace, imported),
        );
      else if (program.uses.has(local))
        throw new SourceSyntaxError(
          `The requested module '${request.specifier}' does not provide an export named '${imported}'`,
          program.place(request.offset),
        );
    }
  }

  async #dynamicImport(
    specifier: string,
    options: ImportCallOptions | undefined,
    loaded: (module: LocalModule) => void,
  ): Promise<Namespace> {
    return this.#load(specifier, options?.with?.type, loaded);
  }

  async #load(specifier: string, type: string | undefined, loaded: (module: LocalModule) => void): Promise<Namespace> {
    const resolution = resolveImport(specifier, this.#path);
    if (resolution.kind === "assay") return importSdk();
    if (resolution.kind === "node") return importNode(resolution.url, type);
    const module = await this.modules.import(resolution.path);
    for (const one of closure(module)) loaded(one);
    return module.namespace;
  }
}

/** What Node's own loader serves: packages and builtins. */
function importNode(url: string, type: string | undefined): Promise<Namespace> {
  return type === "json" ? import(url, { with: { type: "json" } }) : import(url);
}

function closure(module: LocalModule, seen = new Set<LocalModule>()): Set<LocalModule> {
  if (seen.has(module)) return seen;
  seen.add(module);
  for (const one of module.imports) closure(one, seen);
  return seen;
}

function compiledScript(program: CellProgram, filename: string): Script {
  try {
    return new Script(program.code, { filename });
  } catch (error) {
    // What the parser admits and V8 does not: the place stands in the first line of the stack.
    if (!(error instanceof SyntaxError)) throw error;
    const [, line, column] = /:(\d+)(?::(\d+))?/.exec(error.stack?.split("\n")[0] ?? "") ?? [];
    throw new SourceSyntaxError(
      error.message,
      program.origin({ line: Number(line ?? 1), column: Number(column ?? 1) }),
    );
  }
}

/** What a `catch` in a cell does first: an interrupt goes on, an error of V8 gets the words of the source. */
function caught(error: unknown): void {
  if (error instanceof InterruptedError) throw error;
  cleanMessage(error);
}

function nodeNamespace(exports: unknown): Namespace {
  if (typeof exports !== "object" || exports === null) return { default: exports };
  return "default" in exports ? (exports as Namespace) : { ...exports, default: exports };
}
