import { existsSync, realpathSync, statSync } from "node:fs";
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
  if (!specifier.startsWith("#")) {
    const mapped = mappedPath(specifier, parent);
    for (const path of mapped) {
      const file = existingFile(path);
      if (file) return { kind: "local", path: file };
    }
  }
  const url = nodeResolve(specifier, parent);
  if (!url.startsWith("file:")) return { kind: "node", url };
  // A workspace package is a link to a folder of the project: it is edited, so Assay loads it.
  const path = fileURLToPath(url);
  const real = existsSync(path) ? realpathSync(path) : path;
  if (real.includes(`${sep}node_modules${sep}`) || !endings.includes(extname(real))) return { kind: "node", url };
  return { kind: "local", path: real };
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
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return Object.assign(
    new Error(`Cannot find package '${specifier}'. Install it beside the notebook: npm install ${name}`),
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
