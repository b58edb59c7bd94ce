import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TS from "typescript";
import { ts } from "./compiler.ts";

export interface ProjectSettings {
  readonly options: TS.CompilerOptions;
  /** Declaration files that hold for every cell. */
  readonly declarations: readonly string[];
  /** The tsconfig.json that was read. */
  readonly configFile: string | undefined;
}

/** What a cell is, whatever a tsconfig.json says: a module of the newest language, run by Node, never written out. */
const cellOptions: TS.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ["lib.esnext.d.ts"],
  types: [],
  customConditions: ["node"],
  esModuleInterop: true,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  allowArbitraryExtensions: false,
  allowJs: true,
  checkJs: false,
  noEmit: true,
  skipLibCheck: true,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  isolatedDeclarations: false,
  composite: false,
  incremental: false,
  declaration: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  rewriteRelativeImportExtensions: false,
};

/** What a tsconfig.json may decide; strict unless it says otherwise. */
const chosen: ReadonlySet<string> = new Set([
  "paths",
  "baseUrl",
  "pathsBasePath",
  "strict",
  "noImplicitAny",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictPropertyInitialization",
  "strictBuiltinIteratorReturn",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "noImplicitReturns",
  "noImplicitOverride",
  "noFallthroughCasesInSwitch",
  "noUncheckedIndexedAccess",
  "noPropertyAccessFromIndexSignature",
  "exactOptionalPropertyTypes",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
  "customConditions",
  "typeRoots",
  "preserveSymlinks",
  "rootDirs",
]);

/** Settings for a notebook in `folder`: the nearest tsconfig.json, where there is one, and what cells always have. */
export function projectSettings(folder: string, assayTypes: string | undefined): ProjectSettings {
  const configFile = ts.findConfigFile(folder, ts.sys.fileExists);
  const parsed = configFile ? readConfig(configFile) : undefined;
  const given = Object.entries(parsed?.options ?? {}).filter(([name]) => chosen.has(name));
  const options: TS.CompilerOptions = { strict: true, ...Object.fromEntries(given) };
  const conditions = [...new Set([...(options.customConditions ?? []), "node"])];
  const node = nodeTypes(folder);
  return {
    options: {
      ...options,
      ...cellOptions,
      customConditions: conditions,
      types: parsed?.options.types?.filter((name) => name !== "node" && name !== "*") ?? [],
      ...(assayTypes ? { paths: { ...options.paths, assay: [assayTypes] } } : {}),
    },
    declarations: [...(node ? [node] : []), ...(parsed?.fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name)) ?? [])],
    configFile,
  };
}

/** Reads options and, of the files, only the declaration files; the whole tree is searched only where `include` says so. */
function readConfig(configFile: string): TS.ParsedCommandLine | undefined {
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  if (!config) return undefined;
  const named = Array.isArray(config.include) || Array.isArray(config.files);
  const host: TS.ParseConfigHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: (root, _extensions, exclude, include) =>
      ts.sys.readDirectory(root, [".d.ts", ".d.mts", ".d.cts"], exclude, include, named ? 8 : 1),
  };
  return ts.parseJsonConfigFileContent(config, host, dirname(configFile), undefined, configFile);
}

/** The notebook's own `@types/node`, else the one that comes with Assay. */
function nodeTypes(folder: string): string | undefined {
  for (const from of [join(folder, "notebook.js"), import.meta.url]) {
    try {
      return join(dirname(createRequire(from).resolve("@types/node/package.json")), "index.d.ts");
    } catch {
      // Looked for in the next place.
    }
  }
  return undefined;
}
