import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { Script } from "node:vm";
import { afterAwait } from "../execution.ts";
import type { ImportRequest } from "../imports.ts";
import { atPlace, cleanMessage, shortPath, type TracedSource, traceSource } from "../trace.ts";
import { SourceSyntaxError } from "../typescript.ts";
import { type ModuleProgram, moduleProgram, moduleSyntax } from "./module-program.ts";
import {
  commonExports,
  commonNamespace,
  emptyNamespace,
  freshRequire,
  importMeta,
  jsonNamespace,
  languageOf,
  type Namespace,
  runCommon,
  sortNames,
} from "./namespaces.ts";
import { type Resolution, resolveImport, resolveRequire } from "./resolve.ts";

/** A file of the project that a cell imported, as one version of it. */
export interface LocalModule {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly stamp: string;
  readonly namespace: Record<string, unknown>;
  /** Local modules that it imports. */
  readonly imports: readonly LocalModule[];
}

interface Loading extends LocalModule {
  readonly imports: LocalModule[];
  readonly source: string;
  program?: ModuleProgram;
  /** Resolved requests, in the order of the program. */
  resolved: (Resolution & { namespace?: Namespace; module?: Loading })[];
  body?: Generator<undefined, void> | AsyncGenerator<undefined, void>;
  state: "new" | "linked" | "evaluating" | "done";
  evaluation?: Promise<void>;
}

export interface LoaderHost {
  /** Loads what Node's loader serves: packages and builtins. */
  importNode(url: string, type: string | undefined): Promise<Namespace>;
  /** The same without waiting, for `require`. */
  requireNode(url: string, parent: string): Namespace;
  importAssay(): Promise<Namespace>;
  requireAssay(): Namespace;
}

/**
 * Loads the files of the project: ES modules in TypeScript or JavaScript, JSON, CommonJS. A file that has changed since is loaded
 * anew at the next import, with everything that imports it; what nobody holds any more is collected.
 */
export class LocalModules {
  readonly #modules = new Map<string, Loading>();
  readonly #host: LoaderHost;

  constructor(host: LoaderHost) {
    this.#host = host;
  }

  /** Loads a file and what it imports, and runs what has not run yet. */
  async import(path: string): Promise<LocalModule> {
    this.#dropChanged();
    const created: Loading[] = [];
    const module = this.#open(path, created);
    try {
      for (const one of created) await this.#fetchPackages(one);
      this.#link(created);
      await this.#evaluate(module, new Set());
    } catch (error) {
      this.#forget(created);
      throw error;
    }
    return module;
  }

  /** The same without waiting. Throws when a module awaits at top level. */
  require(path: string): LocalModule {
    this.#dropChanged();
    const created: Loading[] = [];
    const module = this.#open(path, created);
    try {
      for (const one of created) this.#requirePackages(one);
      this.#link(created);
      this.#evaluateNow(module, new Set());
    } catch (error) {
      this.#forget(created);
      throw error;
    }
    return module;
  }

  #forget(created: readonly Loading[]): void {
    for (const one of created) if (this.#modules.get(one.path) === one) this.#modules.delete(one.path);
  }

  /** Takes out the modules whose files changed, and all that import them. */
  #dropChanged(): void {
    const stale = new Set<LocalModule>();
    for (const module of this.#modules.values()) if (stampOf(module.path) !== module.stamp) stale.add(module);
    if (stale.size === 0) return;
    for (let grew = true; grew; ) {
      grew = false;
      for (const module of this.#modules.values())
        if (!stale.has(module) && module.imports.some((one) => stale.has(one))) {
          stale.add(module);
          grew = true;
        }
    }
    for (const module of stale) this.#modules.delete(module.path);
  }

  /** Reads and parses a file and the files that it imports. */
  #open(path: string, created: Loading[]): Loading {
    const known = this.#modules.get(path);
    if (known) return known;
    const stamp = stampOf(path);
    const bytes = readFileSync(path);
    const source = bytes.toString("utf8").replace(/^\uFEFF/, "");
    const module: Loading = {
      path,
      stamp,
      source,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
      namespace: emptyNamespace(),
      imports: [],
      resolved: [],
      state: "new",
    };
    this.#modules.set(path, module);
    created.push(module);
    try {
      this.#parse(module);
      for (const request of module.program?.requests ?? []) {
        const resolution = resolvedFor(module, request);
        if (resolution.kind !== "local") module.resolved.push(resolution);
        else {
          const dependency = this.#open(resolution.path, created);
          module.imports.push(dependency);
          module.resolved.push({ ...resolution, module: dependency, namespace: dependency.namespace });
        }
      }
    } catch (error) {
      this.#forget(created);
      throw placed(error, module);
    }
    return module;
  }

  #parse(module: Loading): void {
    const { path, source } = module;
    const ending = extname(path);
    if (ending === ".json") return settled(module, jsonNamespace(source, path));
    if (ending === ".cjs") return settled(module, commonNamespace(freshRequire(path)));
    const language = languageOf(ending);
    const syntax = moduleSyntax(source, language);
    if (!syntax.isModule && ending === ".js") return settled(module, commonNamespace(freshRequire(path)));
    if (!syntax.isModule && ending === ".cts") {
      traceSource(path, { label: shortPath(path), source, origin: (position) => position });
      const exports = runCommon(path, syntax.script.code, this.requireFrom(path));
      return settled(module, commonNamespace(exports));
    }
    module.program = moduleProgram(syntax);
    traceSource(path, { label: shortPath(path), source, origin: module.program.origin });
  }

  async #fetchPackages(module: Loading): Promise<void> {
    for (const [at, request] of (module.program?.requests ?? []).entries()) {
      const resolution = module.resolved[at];
      if (resolution?.kind === "node")
        try {
          resolution.namespace = await this.#host.importNode(resolution.url, request.type);
        } catch (error) {
          throw placedImport(error, module, request);
        }
      if (resolution?.kind === "assay") resolution.namespace = await this.#host.importAssay();
    }
  }

  #requirePackages(module: Loading): void {
    for (const resolution of module.resolved) {
      if (resolution.kind === "node") resolution.namespace = this.#host.requireNode(resolution.url, module.path);
      if (resolution.kind === "assay") resolution.namespace = this.#host.requireAssay();
    }
  }

  /** Announces the exports of new modules, then joins `export *`, then checks that what is imported exists. */
  #link(created: readonly Loading[]): void {
    for (const module of created) this.#announce(module);
    for (let grew = true; grew; ) {
      grew = false;
      for (const module of created)
        for (const star of module.program?.stars ?? []) {
          const from = module.resolved[star]?.namespace ?? {};
          for (const name of Object.keys(from)) {
            if (name === "default" || name in module.namespace) continue;
            Object.defineProperty(module.namespace, name, {
              get: () => from[name],
              enumerable: true,
              configurable: true,
            });
            grew = true;
          }
        }
    }
    for (const module of created) {
      for (const { request, name, offset } of module.program?.used ?? []) {
        const resolution = module.resolved[request];
        if (resolution?.namespace && name in resolution.namespace) continue;
        const { specifier = "" } = module.program?.requests[request] ?? {};
        const position = module.program?.place(offset) ?? { line: 1, column: 1 };
        throw placed(
          new SourceSyntaxError(
            `The requested module '${specifier}' does not provide an export named '${name}'`,
            position,
          ),
          module,
        );
      }
      sortNames(module.namespace);
      if (module.state === "new") module.state = "linked";
    }
  }

  #announce(module: Loading): void {
    const { program, path } = module;
    if (!program) return;
    const make = new Script(program.code, { filename: path }).runInThisContext() as (
      ...args: unknown[]
    ) => () => Generator<undefined, void> | AsyncGenerator<undefined, void>;
    const announce = (getters: Record<string, () => unknown>) => {
      for (const [name, get] of Object.entries(getters))
        Object.defineProperty(module.namespace, name, { get, enumerable: true, configurable: true });
    };
    const body = make(
      ...module.resolved.map((one) => one.namespace),
      announce,
      (specifier: unknown, options?: ImportCallOptions) =>
        this.importFrom(String(specifier), path, options?.with?.type),
      importMeta(path),
      afterAwait,
      cleanMessage,
      this.requireFrom(path),
    )();
    void body.next();
    module.body = body;
  }

  async #evaluate(module: Loading, path: ReadonlySet<Loading>): Promise<void> {
    if (module.state === "done" || path.has(module)) return;
    if (module.evaluation) return module.evaluation;
    const inside = new Set(path).add(module);
    module.evaluation = (async () => {
      for (const { module: dependency } of module.resolved) if (dependency) await this.#evaluate(dependency, inside);
      await module.body?.next();
      module.state = "done";
    })();
    return module.evaluation;
  }

  #evaluateNow(module: Loading, path: ReadonlySet<Loading>): void {
    if (module.state === "done" || path.has(module)) return;
    const inside = new Set(path).add(module);
    for (const { module: dependency } of module.resolved) if (dependency) this.#evaluateNow(dependency, inside);
    if (module.program?.asynchronous)
      throw Object.assign(
        new Error(`require() cannot load ${shortPath(module.path)}: it awaits at top level. Use import`),
        {
          code: "ERR_REQUIRE_ASYNC_MODULE",
        },
      );
    void module.body?.next();
    module.state = "done";
  }

  /** `import(specifier)` as it stands in a file. */
  async importFrom(specifier: string, parent: string, type?: string): Promise<Namespace> {
    const resolution = resolveImport(specifier, parent);
    if (resolution.kind === "assay") return this.#host.importAssay();
    if (resolution.kind === "node") return this.#host.importNode(resolution.url, type);
    return (await this.import(resolution.path)).namespace;
  }

  /** `require` as it stands in a file: local files fresh and in any language, everything else through Node. */
  requireFrom(parent: string): NodeJS.Require {
    const native = createRequire(parent);
    const own = (specifier: string): unknown => {
      if (specifier === "assay") return this.#host.requireAssay();
      const path = resolveRequire(specifier, parent, native);
      if (path === undefined) return native(specifier);
      const { namespace } = this.require(path);
      return commonExports in namespace ? namespace[commonExports as unknown as string] : namespace;
    };
    const resolve = (specifier: string, options?: NodeJS.RequireResolveOptions) =>
      (options ? undefined : resolveRequire(specifier, parent, native)) ?? native.resolve(specifier, options);
    return Object.assign(own, native, { resolve: Object.assign(resolve, native.resolve) });
  }
}

function resolvedFor(module: Loading, request: ImportRequest): Resolution {
  try {
    return resolveImport(request.specifier, module.path);
  } catch (error) {
    throw placedImport(error, module, request);
  }
}

/** Names the import in an error that knows no place in the file. */
function placedImport(error: unknown, { path, source, program }: Loading, { offset }: ImportRequest): unknown {
  const file: TracedSource = { label: shortPath(path), source, origin: (position) => position };
  return program ? atPlace(error, file, program.place(offset)) : error;
}

/** Names the file in an error that has a place but no stack frame there. */
function placed(error: unknown, { path, source }: Loading): unknown {
  if (!(error instanceof SourceSyntaxError) || error.file) return error;
  error.file = shortPath(path);
  error.source = source;
  return error;
}

function settled(module: Loading, namespace: Namespace): void {
  Object.defineProperties(module.namespace, Object.getOwnPropertyDescriptors(namespace));
  module.state = "done";
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.mtimeNs}:${stat.size}:${stat.ino}` : "gone";
}
