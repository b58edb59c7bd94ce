import type TS from "typescript";
import type { Hover, SignatureHelp } from "../protocol/language.ts";
import { type CellFile, type CellFiles, rangeIn } from "./cell-files.ts";
import { readCommentsAt } from "./comments.ts";
import { ts } from "./compiler.ts";
import { declarationText, documentationText } from "./display-text.ts";

export function hoverAt(service: TS.LanguageService, cells: CellFiles, file: CellFile, offset: number): Hover | null {
  const place = file.shift + offset;
  readCommentsAt(service, file.path, place);
  const found = service.getQuickInfoAtPosition(file.path, place);
  if (!found) return null;
  return {
    range: rangeIn(file, found.textSpan),
    declaration: cells.readable(declarationText(found.displayParts)),
    documentation: documentationText(found.documentation, found.tags),
  };
}

export function signatureHelpAt(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
  offset: number,
): SignatureHelp | null {
  const place = file.shift + offset;
  const first = service.getSignatureHelpItems(file.path, place, undefined);
  if (!first) return null;
  const callee = file.text.slice(0, first.applicableSpan.start - 1).trimEnd().length;
  const found = readCommentsAt(service, file.path, callee - 1)
    ? service.getSignatureHelpItems(file.path, place, undefined)
    : first;
  if (!found) return null;
  const text = (parts: readonly TS.SymbolDisplayPart[]) => cells.readable(ts.displayPartsToString([...parts]));
  return {
    activeSignature: found.selectedItemIndex,
    activeParameter: found.argumentIndex,
    signatures: found.items.map((item) => {
      const parameters = item.parameters.map((one) => ({
        label: text(one.displayParts),
        documentation: documentationText(one.documentation, undefined),
      }));
      const list = parameters.map((one) => one.label).join(text(item.separatorDisplayParts));
      return {
        label: `${text(item.prefixDisplayParts)}${list}${text(item.suffixDisplayParts)}`,
        documentation: documentationText(
          item.documentation,
          item.tags.filter((tag) => tag.name !== "param"),
        ),
        parameters,
      };
    }),
  };
}
