import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";

type Paths = readonly (readonly [pattern: string, targets: readonly string[]])[];

/** What a `tsconfig.json`, with those that it extends, says about imports that name no file. */
interface PathMapping {
  /** Absolute folder in which such imports are looked for. */
  readonly baseUrl?: string;
  readonly paths?: Paths;
  /** Absolute folder that the targets of `paths` start from, unless there is a `baseUrl`. */
  readonly from?: string;
}

interface Known {
  readonly mapping: PathMapping;
  /** The files that were read, with their times. */
  readonly stamps: ReadonlyMap<string, number>;
}

const mappings = new Map<string, Known>();

/** Files that `paths` and `baseUrl` of the nearest `tsconfig.json` offer for an import, best first; none without a match. */
export function mappedPath(specifier: string, parent: string): readonly string[] {
  const config = nearestConfig(dirname(parent));
  if (!config) return [];
  const { baseUrl, paths = [], from = "" } = mapping(config);
  const based = baseUrl === undefined ? [] : [resolve(baseUrl, specifier)];
  return [...matching(specifier, paths).map((target) => resolve(baseUrl ?? from, target)), ...based];
}

/** Targets of the pattern that fits best: an exact one, else the one with the longest text before its star. */
function matching(specifier: string, paths: Paths): readonly string[] {
  let best: { length: number; targets: readonly string[] } | undefined;
  for (const [pattern, targets] of paths) {
    const [before = "", after] = pattern.split("*");
    const exact = after === undefined;
    const matches = exact
      ? specifier === pattern
      : specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= before.length + after.length;
    const length = exact ? Number.MAX_SAFE_INTEGER : before.length;
    if (!matches || (best && best.length >= length)) continue;
    const star = exact ? "" : specifier.slice(before.length, specifier.length - after.length);
    best = { length, targets: targets.map((target) => target.replace("*", star)) };
  }
  return best?.targets ?? [];
}

function nearestConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = resolve(at, "tsconfig.json");
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    if (dirname(at) === at) return undefined;
  }
}

function mapping(path: string): PathMapping {
  const known = mappings.get(path);
  if (known && [...known.stamps].every(([file, stamp]) => stampOf(file) === stamp)) return known.mapping;
  const stamps = new Map<string, number>();
  const made = read(path, stamps);
  mappings.set(path, { mapping: made, stamps });
  return made;
}

function read(path: string, stamps: Map<string, number>): PathMapping {
  // A circle of `extends` is an error of the compiler's, not of the notebook's.
  if (stamps.has(path)) return {};
  stamps.set(path, stampOf(path));
  let config: { extends?: unknown; compilerOptions?: { baseUrl?: unknown; paths?: Record<string, string[]> } };
  try {
    config = JSON.parse(withoutComments(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
  const { baseUrl, paths } = config.compilerOptions ?? {};
  const parents = [config.extends].flat().flatMap((parent) => extended(parent, path) ?? []);
  return Object.assign(
    {},
    ...parents.map((parent) => read(parent, stamps)),
    typeof baseUrl === "string" ? { baseUrl: resolve(dirname(path), baseUrl) } : {},
    paths ? { paths: Object.entries(paths), from: dirname(path) } : {},
  ) as PathMapping;
}

/** The file that `extends` names: beside the configuration, or in a package. */
function extended(parent: unknown, from: string): string | undefined {
  if (typeof parent !== "string") return undefined;
  if (/^[./]/.test(parent)) {
    const path = resolve(dirname(from), parent);
    return [path, `${path}.json`].find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
  }
  const { resolve: inPackages } = createRequire(from);
  for (const specifier of [parent, `${parent}.json`, `${parent}/tsconfig.json`])
    try {
      return inPackages(specifier);
    } catch {
      // Asked by its next name.
    }
  return undefined;
}

function stampOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** JSON out of JSON with comments and trailing commas. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
}
