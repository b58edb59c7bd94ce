import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { type NotebookService, openNotebookService } from "../../kernel/language/notebook-service.ts";

/** A notebook whose cells are called "1", "2", … in order. */
export interface TestNotebook {
  readonly service: NotebookService;
  readonly folder: string;
  cells(...sources: string[]): void;
  /** `code at line: message` of each error, with lines from 1. */
  errors(cell: number): string[];
  /** Names that may stand at the end of a cell, or at the mark `|` of its text. */
  completions(cell: number): string[];
  /** The offset of the mark `|`, which is taken out of the cell's text. */
  mark(cell: number): number;
  write(name: string, text: string): void;
}

export function testNotebook(files: Readonly<Record<string, string>> = {}, assayTypes?: string): TestNotebook {
  const folder = mkdtempSync(join(tmpdir(), "assay-language-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const service = openNotebookService({ folder, assayTypes });
  let marks: number[] = [];
  const mark = (cell: number) => marks[cell - 1] ?? 0;
  return {
    service,
    folder,
    write,
    mark,
    cells(...sources) {
      marks = sources.map((source) => (source.includes("|>") ? source.indexOf("|>") : source.length));
      service.updateCells(sources.map((source, at) => ({ id: String(at + 1), source: source.replace("|>", "") })));
    },
    errors: (cell) =>
      service
        .diagnostics(String(cell))
        .filter((one) => one.severity === "error")
        .map((one) => `${one.code} at ${one.range.start.line + 1}: ${one.message}`),
    completions: (cell) => service.completions(String(cell), mark(cell)).items.map((one) => one.name),
  };
}
