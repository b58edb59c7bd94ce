import type TS from "typescript";
import type { Completion, CompletionDetails, Completions } from "../protocol/language.ts";
import { type CellFile, type CellFiles, rangeIn } from "./cell-files.ts";
import { readComments } from "./comments.ts";
import { ts } from "./compiler.ts";
import { declarationText, documentationText } from "./display-text.ts";
import { symbolKind } from "./symbol-kinds.ts";

const preferences: TS.GetCompletionsAtPositionOptions = {
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsForModuleExports: false,
  useLabelDetailsInCompletionEntries: true,
  importModuleSpecifierEnding: "minimal",
};

const none: Completions = { items: [], members: false };

export function completionsAt(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
  offset: number,
): Completions {
  const found = service.getCompletionsAtPosition(file.path, file.shift + offset, preferences);
  if (!found) return none;
  const items = found.entries
    .filter((entry) => !entry.name.startsWith(".assay-"))
    .map((entry): Completion => {
      const { replacementSpan, insertText, labelDetails, kindModifiers } = entry;
      const declared =
        entry.kind === ts.ScriptElementKind.alias ? cells.declarers.get(entry.name)?.at(-1)?.declared.kind : undefined;
      const detail = [labelDetails?.detail, labelDetails?.description].filter(Boolean).join(" ");
      return {
        name: entry.name,
        kind: symbolKind(entry.kind, declared),
        sortText: entry.sortText,
        ...(insertText !== undefined && insertText !== entry.name ? { insertText } : {}),
        ...(replacementSpan ? { replace: rangeIn(file, replacementSpan) } : {}),
        ...(detail ? { detail } : {}),
        ...(/\bdeprecated\b/.test(kindModifiers ?? "") ? { deprecated: true } : {}),
      };
    });
  return { items, members: found.isMemberCompletion };
}

export function completionDetailsAt(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
  offset: number,
  name: string,
): CompletionDetails | null {
  const symbol = service.getCompletionEntrySymbol(file.path, file.shift + offset, name, undefined);
  readComments(service, symbol?.declarations?.map((one) => one.getSourceFile().fileName) ?? []);
  const found = service.getCompletionEntryDetails(
    file.path,
    file.shift + offset,
    name,
    undefined,
    undefined,
    preferences,
    undefined,
  );
  if (!found) return null;
  return {
    declaration: cells.readable(declarationText(found.displayParts)),
    documentation: documentationText(found.documentation, found.tags),
  };
}
