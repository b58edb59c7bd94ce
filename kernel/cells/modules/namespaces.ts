import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type InspectOptions, inspect } from "node:util";
import { Script } from "node:vm";
import { shortPath } from "../trace.ts";
import type { Language } from "./module-program.ts";
import { resolveImport } from "./resolve.ts";

/** A namespace as `import *` gives it. */
export type Namespace = Readonly<Record<string, unknown>>;

/** Where the namespace of a CommonJS or JSON file keeps the value itself. */
export const commonExports = Symbol("module.exports");

export function jsonNamespace(source: string, path: string): Namespace {
  try {
    return commonNamespace(JSON.parse(source));
  } catch (error) {
    throw new SyntaxError(`${shortPath(path)} is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** A namespace that has no exports yet. Node's inspection shows it as it shows those of its own loader. */
export function emptyNamespace(): Record<string, unknown> {
  return Object.create(null, {
    [Symbol.toStringTag]: { value: "Module" },
    [inspect.custom]: { value: inspected },
  });
}

function inspected(this: Namespace, depth: number, options: InspectOptions): string {
  if (depth < 0) return "[Module: null prototype]";
  const values: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(this))
    try {
      values[name] = this[name];
    } catch {
      values[name] = notYet;
    }
  return inspect(values, options).replace("[Object: null prototype]", "[Module: null prototype]");
}

const notYet = { [inspect.custom]: () => "<uninitialized>" };

/** Puts exports into the order of the language: by name. */
export function sortNames(namespace: Record<string, unknown>): void {
  const names = Object.keys(namespace);
  const sorted = names.toSorted();
  if (names.every((name, at) => name === sorted[at])) return;
  for (const name of sorted) {
    const descriptor = Object.getOwnPropertyDescriptor(namespace, name);
    if (!descriptor?.configurable || !Reflect.deleteProperty(namespace, name)) return;
    Object.defineProperty(namespace, name, descriptor);
  }
}

export function commonNamespace(exports: unknown): Namespace {
  const holds =
    (typeof exports === "object" && exports !== null && !Array.isArray(exports)) || typeof exports === "function";
  const names = holds ? { ...exports } : {};
  const namespace = { ...names, default: exports } as Namespace;
  return Object.defineProperty(namespace, commonExports, { value: exports, enumerable: false });
}

export function freshRequire(path: string): unknown {
  const require = createRequire(path);
  delete require.cache[require.resolve(path)];
  return require(path);
}

export function languageOf(ending: string): Language {
  if (ending === ".tsx" || ending === ".jsx") return ending.slice(1) as Language;
  return /^\.[mc]?ts$/.test(ending) ? "ts" : "js";
}

/** Runs a CommonJS file from its JavaScript and returns what it exports. */
export function runCommon(path: string, code: string, require: NodeJS.Require): unknown {
  const holder = { exports: {} as unknown };
  const run = new Script(`(function(exports,require,module,__filename,__dirname){${code}\n})`, {
    filename: path,
  }).runInThisContext() as (...args: unknown[]) => void;
  run.call(holder.exports, holder.exports, require, holder, path, dirname(path));
  return holder.exports;
}

/** `import.meta` of a file or of the notebook. */
export function importMeta(path: string): ImportMeta {
  const url = pathToFileURL(path).href;
  const resolve = (specifier: string) => {
    const found = resolveImport(specifier, path);
    return found.kind === "local" ? pathToFileURL(found.path).href : found.kind === "node" ? found.url : "assay:sdk";
  };
  return { url, filename: path, dirname: dirname(path), resolve, main: false } as unknown as ImportMeta;
}
