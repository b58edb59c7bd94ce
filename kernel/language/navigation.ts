import type TS from "typescript";
import type { Location } from "../protocol/language.ts";
import { type CellFile, type CellFiles, isInside, rangeIn, textPosition } from "./cell-files.ts";
import { visibleFrom } from "./prelude.ts";

export function definitionAt(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
  offset: number,
): readonly Location[] {
  const found = service.getDefinitionAtPosition(file.path, file.shift + offset) ?? [];
  const locations = found.flatMap((one): Location[] => {
    const cell = cells.byPath(one.fileName);
    // A variable that this cell assigns is declared in its prelude, on behalf of the cell that owns it.
    if (cell && !isInside(cell, one.textSpan)) return ownDeclaration(cells, cell, one.name);
    return locate(service, cells, one.fileName, one.textSpan);
  });
  return unique(locations);
}

export function referencesAt(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
  offset: number,
): readonly Location[] {
  const places = [{ path: file.path, offset: file.shift + offset }];
  const defined = service.getDefinitionAtPosition(file.path, file.shift + offset)?.[0];
  const name = defined && cells.byPath(defined.fileName) ? defined.name : undefined;
  const declared = name === undefined ? undefined : definitionAt(service, cells, file, offset)[0];
  if (name !== undefined && declared && "cellId" in declared) {
    const owner = cells.byId(declared.cellId);
    const isTop = owner?.names.declared.get(name)?.offset === declared.range.start.offset;
    if (owner && isTop)
      places.push(
        { path: owner.path, offset: owner.shift + declared.range.start.offset },
        ...standIns(cells, owner, name),
      );
  }
  const locations = places.flatMap((place) =>
    (service.getReferencesAtPosition(place.path, place.offset) ?? []).flatMap((one) => {
      const cell = cells.byPath(one.fileName);
      if (cell && !isInside(cell, one.textSpan)) return [];
      return locate(service, cells, one.fileName, one.textSpan);
    }),
  );
  return unique(locations);
}

/** Declarations in preludes that stand for a variable of `owner`. */
function standIns(cells: CellFiles, owner: CellFile, name: string): { path: string; offset: number }[] {
  return cells.all.flatMap((cell, at) => {
    const prelude = cell.text.slice(0, cell.shift);
    const found = ["let", "const"].map((word) => `declare ${word} ${name}:`).find((text) => prelude.includes(text));
    if (!found) return [];
    const seen = visibleFrom(cells.all, cells.declarers, at).find((one) => one.name === name)?.value;
    if (seen === undefined || cells.all[seen] !== owner) return [];
    return [{ path: cell.path, offset: prelude.indexOf(found) + found.length - name.length - 1 }];
  });
}

function ownDeclaration(cells: CellFiles, cell: CellFile, name: string): Location[] {
  const seen = visibleFrom(cells.all, cells.declarers, cells.all.indexOf(cell)).find((one) => one.name === name);
  const owner = cells.all[seen?.value ?? seen?.type ?? -1];
  const declared = owner?.names.declared.get(name);
  if (!owner || !declared) return [];
  const span = { start: owner.shift + declared.offset, length: name.length };
  return [{ cellId: owner.id, range: rangeIn(owner, span) }];
}

function locate(service: TS.LanguageService, cells: CellFiles, path: string, span: TS.TextSpan): Location[] {
  const cell = cells.byPath(path);
  if (cell) return [{ cellId: cell.id, range: rangeIn(cell, span) }];
  const text = service.getProgram()?.getSourceFile(path)?.text;
  if (text === undefined) return [];
  const range = { start: textPosition(text, span.start), end: textPosition(text, span.start + span.length) };
  return [{ file: path, range }];
}

function unique(locations: readonly Location[]): Location[] {
  const known = new Map<string, Location>();
  for (const one of locations) {
    const where = "cellId" in one ? `cell ${one.cellId}` : one.file;
    known.set(`${where}:${one.range.start.offset}:${one.range.end.offset}`, one);
  }
  return [...known.values()];
}
