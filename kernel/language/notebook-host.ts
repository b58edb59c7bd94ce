import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type TS from "typescript";
import type { CellFiles } from "./cell-files.ts";
import { ts } from "./compiler.ts";
import { type ProjectSettings, projectSettings } from "./compiler-options.ts";
import { diskFiles } from "./disk-files.ts";
import { globalsText } from "./kernel-globals.ts";

/** Milliseconds between looks at the folders that decide where imports lead. */
const lookAgain = 500;

/** A compiler's host over the cells of a notebook and the disk. */
export interface NotebookHost extends TS.LanguageServiceHost {
  /** Notices installed packages, new files and a changed tsconfig.json. Call before a question. */
  refresh(): void;
  /** Asked by the compiler, though its own types do not say so: whether imports of this file must be looked up again. */
  hasInvalidatedResolutions(path: string): boolean;
}

export function notebookHost(folder: string, cells: CellFiles, assayTypes: string | undefined): NotebookHost {
  const disk = diskFiles();
  const globals = `${folder}/.assay-globals.d.ts`;
  /** The types of "assay" are read for a notebook that uses them, so that another one starts faster. */
  const typedGlobals = () => assayTypes !== undefined && cells.all.some((file) => /\bdisplay\b/.test(file.source));
  let settings: ProjectSettings = projectSettings(folder, assayTypes);
  let cache = moduleCache(settings);
  /** Folders whose change may make an import lead elsewhere. */
  const watched = new Set<string>(lookupPlaces(folder));
  let stamp = stampOf(watched);
  let lookedAt = performance.now();
  let invalidated = false;

  function moduleCache(of: ProjectSettings): TS.ModuleResolutionCache {
    return ts.createModuleResolutionCache(folder, (name) => name, of.options);
  }

  const host: NotebookHost = {
    refresh() {
      invalidated = false;
      if (performance.now() - lookedAt < lookAgain) return;
      lookedAt = performance.now();
      const now = stampOf(watched);
      if (now === stamp) return;
      stamp = now;
      settings = projectSettings(folder, assayTypes);
      cache = moduleCache(settings);
      invalidated = true;
    },
    getCompilationSettings: () => settings.options,
    getScriptFileNames: () => [globals, ...settings.declarations, ...cells.all.map((file) => file.path)],
    getScriptVersion: (path) => {
      if (path === globals) return String(typedGlobals());
      const cell = cells.byPath(path);
      return cell ? String(cell.version) : disk.version(path);
    },
    getScriptSnapshot: (path) => {
      if (path === globals) return ts.ScriptSnapshot.fromString(globalsText(typedGlobals()));
      const cell = cells.byPath(path);
      return cell ? ts.ScriptSnapshot.fromString(cell.text) : disk.snapshot(path);
    },
    getScriptKind: (path) => {
      const cell = cells.byPath(path);
      // Of other files their ending decides.
      if (!cell) return ts.ScriptKind.Unknown;
      return cell.names.tsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    fileExists: (path) => cells.byPath(path) !== undefined || ts.sys.fileExists(path),
    readFile: (path, encoding) => cells.byPath(path)?.text ?? ts.sys.readFile(path, encoding),
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
    hasInvalidatedResolutions: (path) => invalidated && !path.includes("/node_modules/"),
    resolveModuleNameLiterals: (literals, containing, redirected, options, file) =>
      literals.map((literal) => {
        const cell = cells.bySpecifier(literal.text);
        if (cell) return { resolvedModule: { resolvedFileName: cell, extension: ts.Extension.Ts } };
        const mode = ts.getModeForUsageLocation(file, literal, options);
        const found = ts.resolveModuleName(literal.text, containing, options, host, cache, redirected, mode);
        if (!found.resolvedModule && literal.text.startsWith("."))
          watched.add(dirname(resolve(dirname(containing), literal.text)));
        return found;
      }),
  };
  return host;
}

/** The folder, and what shows that packages were installed here or above. */
function lookupPlaces(folder: string): string[] {
  const places: string[] = [folder];
  for (let at = resolve(folder); ; at = dirname(at)) {
    places.push(
      join(at, "node_modules"),
      join(at, "node_modules/.package-lock.json"),
      join(at, "package.json"),
      join(at, "tsconfig.json"),
    );
    if (dirname(at) === at) return places;
  }
}

function stampOf(places: ReadonlySet<string>): string {
  return [...places].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join();
}
