import type TS from "typescript";
import type { CellDiagnostic, DiagnosticSeverity } from "../protocol/language.ts";
import { type CellFile, type CellFiles, rangeIn } from "./cell-files.ts";
import type { NameKind } from "./cell-names.ts";
import { ts } from "./compiler.ts";
import { visibleFrom } from "./prelude.ts";

/** What TypeScript says of a module and what is no fault in a cell. */
const noFault: ReadonlySet<number> = new Set([
  // An array or variable that gets its type from what later cells put into it.
  7005, 7034,
  // `import x = require("…")` runs.
  1202,
  // Elements of JSX where nothing says which there are.
  7026,
  // A property that a cell has given to `globalThis`.
  7017,
  // `declare module "…"` for a package without types has no other place in a notebook.
  2664,
]);

/** True of the program but harmless when it runs. */
const milder: Readonly<Record<number, DiagnosticSeverity>> = {
  // A package without types.
  7016: "hint",
  // Parameters without types: quick code is written so, and a tsconfig.json can allow it altogether.
  7006: "warning",
  7019: "warning",
  7031: "warning",
  // A type that depends on itself, as it may where cells use what later cells declare.
  7022: "warning",
  7023: "warning",
  7024: "warning",
};

const cannotAssignImport = 2632;
const usedBeforeAssigned = 2454;

/** TypeScript's own words and number for an assignment to a name of each kind. */
const unassignable: Readonly<Partial<Record<NameKind, readonly [number, string]>>> = {
  const: [2588, "it is a constant"],
  function: [2630, "it is a function"],
  class: [2629, "it is a class"],
  enum: [2628, "it is an enum"],
  namespace: [2631, "it is a namespace"],
};

/** Errors of one cell, in source order; those of the text around it are left out. */
export function diagnosticsOf(
  service: TS.LanguageService,
  cells: CellFiles,
  file: CellFile,
): readonly CellDiagnostic[] {
  const syntactic = service.getSyntacticDiagnostics(file.path);
  // A text that does not parse has types only by guess.
  const semantic = service.getSemanticDiagnostics(file.path);
  const all = [
    ...syntactic.flatMap((one) => converted(cells, file, one, true)),
    ...semantic.filter((one) => !isFollowUp(one, syntactic)).flatMap((one) => converted(cells, file, one, false)),
  ];
  return all.sort((a, b) => a.range.start.offset - b.range.start.offset);
}

/** Whether a semantic error only follows from a syntax error at or before its place. */
function isFollowUp(one: TS.Diagnostic, syntactic: readonly TS.DiagnosticWithLocation[]): boolean {
  return syntactic.some((error) => one.start !== undefined && error.start <= one.start);
}

function converted(cells: CellFiles, file: CellFile, one: TS.Diagnostic, syntax: boolean): CellDiagnostic[] {
  const start = one.start ?? -1;
  const within = start >= file.shift && start <= file.shift + file.source.length;
  // An unclosed bracket is noticed at the very end, behind the postlude if there is one.
  if (!within && !(syntax && start > file.shift)) return [];
  if (!syntax && (noFault.has(one.code) || isHoistedVar(file, one))) return [];
  const text = cells.readable(ts.flattenDiagnosticMessageText(one.messageText, "\n"));
  const { code, message } =
    one.code === cannotAssignImport ? assigned(cells, file, one, text) : { code: one.code, message: text };
  return [
    {
      severity: milder[code] ?? severity(one.category),
      code,
      message,
      range: rangeIn(file, { start, length: one.length ?? 0 }),
      syntax,
      ...(one.reportsDeprecated ? { deprecated: true } : {}),
    },
  ];
}

function severity(category: TS.DiagnosticCategory): DiagnosticSeverity {
  switch (category) {
    case ts.DiagnosticCategory.Error:
      return "error";
    case ts.DiagnosticCategory.Warning:
      return "warning";
    case ts.DiagnosticCategory.Suggestion:
      return "hint";
    default:
      return "information";
  }
}

/** A name of another cell is an import for the compiler; a reader wants to know what that cell declares it as. */
function assigned(
  cells: CellFiles,
  file: CellFile,
  one: TS.Diagnostic,
  text: string,
): { code: number; message: string } {
  const name = file.text.slice(one.start ?? 0, (one.start ?? 0) + (one.length ?? 0));
  const seen = visibleFrom(cells.all, cells.declarers, cells.all.indexOf(file)).find((each) => each.name === name);
  const kind = cells.all[seen?.value ?? -1]?.names.declared.get(name)?.kind;
  const known = kind && unassignable[kind];
  return known
    ? { code: known[0], message: `Cannot assign to '${name}' because ${known[1]}.` }
    : { code: one.code, message: text };
}

function isHoistedVar(file: CellFile, one: TS.Diagnostic): boolean {
  if (one.code !== usedBeforeAssigned) return false;
  const name = file.text.slice(one.start ?? 0, (one.start ?? 0) + (one.length ?? 0));
  return file.names.declared.get(name)?.kind === "var";
}
