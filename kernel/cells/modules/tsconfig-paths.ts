import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

interface PathMapping {
  readonly stamp: number;
  /** Absolute folder that the targets start from. */
  readonly base: string;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

const mappings = new Map<string, PathMapping>();

/** Files that `compilerOptions.paths` of the nearest `tsconfig.json` offers for an import, best first; none without a match. */
export function mappedPath(specifier: string, parent: string): readonly string[] {
  const config = nearestConfig(dirname(parent));
  if (!config) return [];
  const { base, paths } = mapping(config);
  let best: { length: number; files: string[] } | undefined;
  for (const [pattern, targets] of paths) {
    const [before = "", after] = pattern.split("*");
    const exact = after === undefined;
    const matches = exact
      ? specifier === pattern
      : specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= before.length + after.length;
    if (!matches || (best && best.length >= (exact ? Number.MAX_SAFE_INTEGER : before.length))) continue;
    const star = exact ? "" : specifier.slice(before.length, specifier.length - after.length);
    best = {
      length: exact ? Number.MAX_SAFE_INTEGER : before.length,
      files: targets.map((target) => resolve(base, target.replace("*", star))),
    };
  }
  return best?.files ?? [];
}

function nearestConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "tsconfig.json");
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    if (dirname(at) === at) return undefined;
  }
}

function mapping(path: string): PathMapping {
  const stamp = statSync(path).mtimeMs;
  const known = mappings.get(path);
  if (known?.stamp === stamp) return known;
  const made = read(path, stamp, 0);
  mappings.set(path, made);
  return made;
}

function read(path: string, stamp: number, depth: number): PathMapping {
  const none = { stamp, base: dirname(path), paths: [] };
  let config: { extends?: unknown; compilerOptions?: { baseUrl?: unknown; paths?: Record<string, string[]> } };
  try {
    config = JSON.parse(withoutComments(readFileSync(path, "utf8")));
  } catch {
    return none;
  }
  const { baseUrl, paths } = config.compilerOptions ?? {};
  if (paths)
    return {
      stamp,
      base: typeof baseUrl === "string" ? resolve(dirname(path), baseUrl) : dirname(path),
      paths: Object.entries(paths),
    };
  const [parent] = Array.isArray(config.extends) ? config.extends : [config.extends];
  if (depth > 8 || typeof parent !== "string" || !/^[./]/.test(parent)) return none;
  const file = resolve(dirname(path), parent.endsWith(".json") ? parent : `${parent}.json`);
  return statSync(file, { throwIfNoEntry: false }) ? read(file, stamp, depth + 1) : none;
}

/** JSON out of JSON with comments and trailing commas. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
}
