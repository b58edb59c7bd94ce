import { dirname } from "node:path";
import { createLanguageService } from "../language/client.ts";
import type { NotebookFile } from "./notebook-file.ts";

/** A type error in a cell; line and column from 1, in the cell's own source. */
export interface CellTypeError {
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

/** The type check of a notebook, in a thread beside the run. */
export interface TypeCheck extends Disposable {
  /** Type errors of a cell, against all cells of the notebook. Syntax errors are left to the run, which shows them anyway. */
  errorsOf(cellId: string): Promise<readonly CellTypeError[]>;
}

/** Starts to check the types of a notebook's cells. */
export function checkTypes({ path, cells }: NotebookFile): TypeCheck {
  const service = createLanguageService({ folder: dirname(path) });
  const code = cells.filter((cell) => cell.kind === "code");
  const ready = service.updateCells(code.map(({ id, source }) => ({ id, source })));
  ready.catch(() => {});
  return {
    async errorsOf(cellId) {
      await ready;
      const found = await service.diagnostics(cellId);
      return found
        .filter((one) => one.severity === "error" && !one.syntax)
        .map(({ range, code, message }) => ({
          line: range.start.line + 1,
          column: range.start.column + 1,
          code,
          message,
        }));
    },
    [Symbol.dispose]: () => void service.dispose().catch(() => {}),
  };
}
