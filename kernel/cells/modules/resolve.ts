import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mappedPath } from "./tsconfig-paths.ts";

/** Where an import leads: Assay's own SDK, a file that Assay loads itself, or something for Node's loader. */
export type Resolution =
  | { readonly kind: "assay" }
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "node"; readonly url: string };

/** Endings that are tried, in this order, when a file is named without one. */
const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json"];
/** TypeScript files that stand behind a JavaScript name, as the compiler resolves it. */
const behind: Record<string, readonly string[]> = {
  ".js": [".ts", ".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
  ".jsx": [".tsx"],
};

/** Resolves an import that stands in `parent` (a file, or the notebook). Throws as Node does when there is nothing. */
export function resolveImport(specifier: string, parent: string): Resolution {
  if (specifier === "assay") return { kind: "assay" };
  if (specifier.startsWith("file:")) return localOrNode(fileURLToPath(specifier), specifier, parent);
  if (/^(\.\.?(\/|$))/.test(specifier) || isAbsolute(specifier))
    return localOrNode(resolve(dirname(parent), specifier), specifier, parent);
  if (isBuiltin(specifier) || /^(node|data):/.test(specifier)) return { kind: "node", url: specifier };
  const mapped = mappedFile(specifier, parent);
  if (mapped) return localOrNode(mapped, specifier, parent);
  if (!isThere(specifier, parent)) throw missingPackage(specifier);
  const url = nodeResolve(specifier, parent);
  if (!url.startsWith("file:")) return { kind: "node", url };
  // A workspace package is a link to a folder of the project: it is edited, so Assay loads it.
  const path = fileURLToPath(url);
  const real = existsSync(path) ? realpathSync(path) : path;
  if (real.includes(`${sep}node_modules${sep}`) || !endings.includes(extname(real))) return { kind: "node", url };
  return { kind: "local", path: real };
}

/** The file that `paths` of the `tsconfig.json` say. */
function mappedFile(specifier: string, parent: string): string | undefined {
  if (specifier.startsWith("#")) return undefined;
  for (const path of mappedPath(specifier, parent)) {
    const file = existingFile(path);
    // Declarations alone are for the compiler.
    if (file && !/\.d\.[cm]?ts$/.test(file)) return file;
  }
  return undefined;
}

/**
 * Resolves a `require` that stands in `parent`: the file that Assay loads itself; undefined for what Node serves. Throws as Node does when
 * there is nothing.
 */
export function resolveRequire(specifier: string, parent: string, native: NodeJS.Require): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  const isPath = /^\.\.?(\/|$)/.test(specifier) || isAbsolute(specifier);
  try {
    if (isPath || mappedFile(specifier, parent)) {
      const resolution = resolveImport(specifier, parent);
      return resolution.kind === "local" ? resolution.path : undefined;
    }
    if (!isThere(specifier, parent) && !inGlobalFolders(specifier, native)) throw missingPackage(specifier);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      error.code = "MODULE_NOT_FOUND";
    throw error;
  }
  return undefined;
}

function inGlobalFolders(specifier: string, native: NodeJS.Require): boolean {
  return (native.resolve.paths(specifier) ?? []).some((folder) => existsSync(join(folder, packageName(specifier))));
}

/**
 * Whether the package that an import names lies in a `node_modules` above, or is the one that the file belongs to. Node is only asked for
 * those: what it once did not find it never finds again, and a package may be added while the kernel runs.
 */
function isThere(specifier: string, parent: string): boolean {
  if (/^(#|[a-z][a-z\d+.-]*:)/i.test(specifier)) return true;
  const name = packageName(specifier);
  for (let at = dirname(parent); ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", name)) || ownName(at) === name) return true;
    if (dirname(at) === at) return false;
  }
}

/** The name in the `package.json` of a folder. */
function ownName(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!isFile(path)) return undefined;
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function nodeResolve(specifier: string, parent: string): string {
  try {
    return import.meta.resolve(specifier, pathToFileURL(parent).href);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "ERR_MODULE_NOT_FOUND") throw missingPackage(specifier);
    throw error;
  }
}

function missingPackage(specifier: string): Error {
  return Object.assign(
    new Error(
      `Cannot find package '${specifier}'. Install it beside the notebook: npm install ${packageName(specifier)}`,
    ),
    { code: "ERR_MODULE_NOT_FOUND" },
  );
}

function localOrNode(path: string, specifier: string, parent: string): Resolution {
  const clean = path.replace(/[?#].*$/, "");
  const file = existingFile(clean);
  if (!file) throw Object.assign(new Error(`Cannot find module '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
  if (file.includes(`${sep}node_modules${sep}`) && !parent.includes(`${sep}node_modules${sep}`))
    return { kind: "node", url: pathToFileURL(file).href };
  return endings.includes(extname(file))
    ? { kind: "local", path: file }
    : { kind: "node", url: pathToFileURL(file).href };
}

/** The file that a path names: itself, its TypeScript source, with an ending added, or the index of a folder. */
export function existingFile(path: string): string | undefined {
  if (isFile(path)) return path;
  const ending = extname(path);
  const bare = path.slice(0, path.length - ending.length);
  const candidates = [
    ...(behind[ending] ?? []).map((other) => bare + other),
    ...endings.map((other) => path + other),
    ...endings.map((other) => join(path, `index${other}`)),
  ];
  return candidates.find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
