import type TS from "typescript";
import { closesElement } from "../protocol/jsx.ts";
import { ts } from "./compiler.ts";

/** How JSX of a cell is read: not at all, with what `react/jsx-runtime` exports, or with `React.createElement` (or the name after `@jsx`). */
export type CellJsx = "none" | "automatic" | "classic";

/**
 * Whether the kernel reads a cell as TSX. It does so only where the cell is no TypeScript, in which `<T>value` is a type assertion; a cell that is
 * neither, because it is being written, is TSX when it closes an element somewhere, or when it has fewer faults as such.
 */
export function isTsx(source: string): boolean {
  if (!/<\/|\/>/.test(source)) return false;
  const asTs = faults(source, ts.ScriptKind.TS);
  return asTs > 0 && (closesElement(source) || faults(source, ts.ScriptKind.TSX) < asTs);
}

/** Which way the kernel goes with the JSX of a cell. `hasReact`: another cell declares `React`. */
export function jsxOf(source: string, tsx: boolean, hasReact: boolean): CellJsx {
  if (!tsx) return "none";
  if (/@jsxImportSource\s/.test(source)) return "automatic";
  return hasReact || /@jsx\s|\bReact\b/.test(source) ? "classic" : "automatic";
}

function faults(source: string, kind: TS.ScriptKind): number {
  const file = ts.createSourceFile("cell.tsx", source, ts.ScriptTarget.ESNext, false, kind);
  return ((file as { readonly parseDiagnostics?: readonly unknown[] }).parseDiagnostics ?? []).length;
}
