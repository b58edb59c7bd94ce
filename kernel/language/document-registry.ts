import type TS from "typescript";
import { ts } from "./compiler.ts";

/**
 * Parsed files, shared by all notebooks of a thread. Declarations of the language and of Node are parsed without their
 * documentation comments, which halves the time to the first answer; a file's comments are read when somebody looks at one of its
 * names.
 */
export interface SharedDocuments {
  readonly registry: TS.DocumentRegistry;
  /** Part of a file's version: changes when its comments are to be read. */
  suffix(path: string): string;
  /** Asks for the comments of a file of `program`. True when they were not there: ask the compiler again. */
  wantComments(program: TS.Program | undefined, path: string): boolean;
}

let shared: SharedDocuments | undefined;

export function sharedDocuments(): SharedDocuments {
  shared ??= open();
  return shared;
}

const isBare = (path: string) => /\/@types\/node\/|\/undici-types\/|\/typescript\/lib\/lib\.[^/]*\.d\.ts$/.test(path);

function open(): SharedDocuments {
  const caseSensitive = ts.sys.useCaseSensitiveFileNames;
  const { ParseAll, ParseNone } = ts.JSDocParsingMode;
  const full = ts.createDocumentRegistry(caseSensitive, "", ParseAll);
  const bare = ts.createDocumentRegistry(caseSensitive, "", ParseNone);
  const of = (path: string) => (isBare(path) ? bare : full);
  const options = (path: string, given: TS.CreateSourceFileOptions | TS.ScriptTarget | undefined) =>
    typeof given === "object" ? { ...given, jsDocParsingMode: isBare(path) ? ParseNone : ParseAll } : given;
  const commented = new Set<string>();

  const registry: TS.DocumentRegistry = {
    acquireDocument: (name, settings, snapshot, version, kind, given) =>
      of(name).acquireDocument(name, settings, snapshot, version, kind, options(name, given)),
    acquireDocumentWithKey: (name, path, settings, key, snapshot, version, kind, given) =>
      of(name).acquireDocumentWithKey(name, path, settings, key, snapshot, version, kind, options(name, given)),
    updateDocument: (name, settings, snapshot, version, kind, given) =>
      of(name).updateDocument(name, settings, snapshot, version, kind, options(name, given)),
    updateDocumentWithKey: (name, path, settings, key, snapshot, version, kind, given) =>
      of(name).updateDocumentWithKey(name, path, settings, key, snapshot, version, kind, options(name, given)),
    getKeyForCompilationSettings: (settings) => full.getKeyForCompilationSettings(settings),
    releaseDocument: (name: string, settings: TS.CompilerOptions, kind?: TS.ScriptKind, mode?: TS.ResolutionMode) =>
      of(name).releaseDocument(name, settings, kind!, mode),
    releaseDocumentWithKey: (
      path: TS.Path,
      key: TS.DocumentRegistryBucketKey,
      kind?: TS.ScriptKind,
      mode?: TS.ResolutionMode,
    ) => of(path).releaseDocumentWithKey(path, key, kind!, mode),
    reportStats: () => `${full.reportStats()}${bare.reportStats()}`,
  };
  return {
    registry,
    suffix: (path) => (commented.has(path) ? "c" : ""),
    wantComments(program, path) {
      const file = isBare(path) && !commented.has(path) ? program?.getSourceFile(path) : undefined;
      if (!file) return false;
      commented.add(path);
      // A new version of a file is parsed in the way of the old one.
      (file as { jsDocParsingMode?: TS.JSDocParsingMode }).jsDocParsingMode = ParseAll;
      return true;
    },
  };
}
