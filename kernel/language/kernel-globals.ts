/** Declarations of what a cell has besides Node's globals. */
export function globalsText(hasAssay: boolean): string {
  return hasAssay ? 'declare const display: typeof import("assay").display;\n' : "declare const display: any;\n";
}
