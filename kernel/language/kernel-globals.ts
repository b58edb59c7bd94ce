/** Declarations of what a cell has besides Node's globals. */
export function globalsText(typed: boolean): string {
  return typed ? 'declare const display: typeof import("assay").display;\n' : "declare const display: any;\n";
}
