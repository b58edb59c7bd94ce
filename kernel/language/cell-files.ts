import type TS from "typescript";
import type { LanguageCell, TextPosition, TextRange } from "../protocol/language.ts";
import { type CellNames, cellNames } from "./cell-names.ts";
import { type CellEntry, type Declarers, declarersOf, postludeOf, preludeOf } from "./prelude.ts";

/** A cell as a file of the program: its text between a prelude and a postlude that nobody sees. */
export interface CellFile extends CellEntry {
  readonly id: string;
  readonly source: string;
  readonly path: string;
  /** Length of the prelude: what lies between a place in the file and one in the cell. */
  readonly shift: number;
  readonly version: number;
  readonly text: string;
}

/** The cells of a notebook as modules in its folder that import each other. */
export class CellFiles {
  readonly #folder: string;
  readonly #keys = new Map<string, number>();
  #files: CellFile[] = [];
  #byPath = new Map<string, CellFile>();
  #byId = new Map<string, CellFile>();
  #declarers: Declarers = new Map();
  #versions = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get all(): readonly CellFile[] {
    return this.#files;
  }

  get declarers(): Declarers {
    return this.#declarers;
  }

  byId(id: string): CellFile | undefined {
    return this.#byId.get(id);
  }

  byPath(path: string): CellFile | undefined {
    return this.#byPath.get(path);
  }

  /** The file of a cell that another cell's prelude imports. */
  bySpecifier(specifier: string): string | undefined {
    const key = specifier.startsWith("assay:cell/") ? Number(specifier.slice(11)) : Number.NaN;
    return Number.isNaN(key) ? undefined : this.pathOf(key);
  }

  pathOf(key: number): string {
    return `${this.#folder}/.assay-cell-${key}.ts`;
  }

  update(cells: readonly LanguageCell[]): void {
    const entries = cells.map((cell) => {
      const last = this.#byId.get(cell.id);
      const names: CellNames = last?.source === cell.source ? last.names : cellNames(cell.source);
      let key = this.#keys.get(cell.id);
      if (key === undefined) {
        key = this.#keys.size;
        this.#keys.set(cell.id, key);
      }
      return { ...cell, key, names };
    });
    this.#declarers = declarersOf(entries);
    this.#files = entries.map((entry, at) => {
      const prelude = preludeOf(entries, this.#declarers, at);
      // The first line of a script is a comment for the kernel, and in the middle of a file none for the compiler.
      const source = entry.source.replace(/^#!/, "//");
      const text = `${prelude}${source}${postludeOf(entry.names)}`;
      const last = this.#byId.get(entry.id);
      if (last?.text === text && last.source === entry.source) return last;
      const path = this.pathOf(entry.key);
      return { ...entry, path, shift: prelude.length, version: ++this.#versions, text };
    });
    this.#byId = new Map(this.#files.map((file) => [file.id, file]));
    this.#byPath = new Map(this.#files.map((file) => [file.path, file]));
  }

  /** Replaces names of cell files in a message by what a reader knows: `import("…").K` is `K` of that cell. */
  readable(text: string): string {
    return text
      .replace(
        /(typeof )?import\("([^"]*\/\.assay-cell-\d+)(?:\.ts)?"\)\.([\p{ID_Continue}$.]+)/gu,
        (_, word = "", path, name) => {
          const at = this.#files.findIndex((file) => file.path === `${path}.ts`);
          const rivals = (this.#declarers.get(String(name).split(".")[0] ?? "")?.length ?? 0) > 1;
          return rivals && at >= 0 ? `${word}${name} (cell ${at + 1})` : `${word}${name}`;
        },
      )
      .replace(/["'][^"']*\/\.assay-cell-(\d+)(?:\.ts)?["']/g, (_, key) => {
        const at = this.#files.findIndex((file) => file.key === Number(key));
        return at >= 0 ? `cell ${at + 1}` : "another cell";
      });
  }
}

/** The place in the cell's text; places outside it are drawn to its edge. */
export function positionIn(file: CellFile, offset: number): TextPosition {
  return textPosition(file.source, Math.min(Math.max(offset - file.shift, 0), file.source.length));
}

export function rangeIn(file: CellFile, span: TS.TextSpan): TextRange {
  return { start: positionIn(file, span.start), end: positionIn(file, span.start + span.length) };
}

/** Whether a span lies in what the cell shows; an empty one at its end does. */
export function isInside(file: CellFile, span: TS.TextSpan): boolean {
  return span.start >= file.shift && span.start + span.length <= file.shift + file.source.length;
}

export function textPosition(text: string, offset: number): TextPosition {
  let line = 0;
  let start = 0;
  for (let at = 0; at < offset; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) {
      line++;
      start = at + 1;
    }
  }
  return { offset, line, column: offset - start };
}
