import type TS from "typescript";
import { sharedDocuments } from "./document-registry.ts";

/** Has the documentation of these files read. True when it was not there before: ask the compiler again. */
export function readComments(service: TS.LanguageService, paths: readonly string[]): boolean {
  const program = service.getProgram();
  return [...new Set(paths)].map((path) => sharedDocuments().wantComments(program, path)).some(Boolean);
}

/** The same for the files that declare the name at a place. */
export function readCommentsAt(service: TS.LanguageService, path: string, place: number): boolean {
  const found = service.getDefinitionAtPosition(path, place) ?? [];
  return readComments(
    service,
    found.map((one) => one.fileName),
  );
}
