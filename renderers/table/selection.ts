import type { Range } from "./geometry.ts";

/** A cell by its place among the rows shown, and its column. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** The active cell, and the rectangle of cells between it and where a selection began. */
export class Selection {
  readonly #columns: number;
  #rows = 0;
  #active: Place = { row: 0, column: 0 };
  #anchor: Place = { row: 0, column: 0 };

  constructor(columns: number) {
    this.#columns = columns;
  }

  get active(): Place {
    return this.#active;
  }

  /** The selected rows and columns; one cell at least. */
  get range(): { readonly rows: Range; readonly columns: Range } {
    const [a, b] = [this.#active, this.#anchor];
    return {
      rows: { first: Math.min(a.row, b.row), last: Math.min(this.#rows, Math.max(a.row, b.row) + 1) },
      columns: { first: Math.min(a.column, b.column), last: Math.max(a.column, b.column) + 1 },
    };
  }

  /** Other rows are shown: the first is active, the column stays. */
  reset(rows: number): void {
    this.#rows = rows;
    this.#active = { row: 0, column: this.#active.column };
    this.#anchor = this.#active;
  }

  move(to: Place, extend: boolean): void {
    this.#active = to;
    if (!extend) this.#anchor = to;
  }

  all(): void {
    this.#anchor = { row: 0, column: 0 };
    this.#active = { row: Math.max(0, this.#rows - 1), column: this.#columns - 1 };
  }

  isActive({ row, column }: Place): boolean {
    return row === this.#active.row && column === this.#active.column;
  }

  /** Whether a cell is one of several selected ones. */
  has({ row, column }: Place): boolean {
    if (this.#anchor === this.#active) return false;
    const { rows, columns } = this.range;
    return row >= rows.first && row < rows.last && column >= columns.first && column < columns.last;
  }

  /** Where a key leads; nothing for other keys. `far` is Ctrl or Cmd, `page` a view's rows. */
  after(key: string, far: boolean, page: number): Place | undefined {
    const { row, column } = this.#active;
    const [lastRow, lastColumn] = [Math.max(0, this.#rows - 1), this.#columns - 1];
    const moves: Record<string, Place> = {
      ArrowDown: { row: far ? lastRow : row + 1, column },
      ArrowUp: { row: far ? 0 : row - 1, column },
      ArrowRight: { row, column: far ? lastColumn : column + 1 },
      ArrowLeft: { row, column: far ? 0 : column - 1 },
      PageDown: { row: row + page, column },
      PageUp: { row: row - page, column },
      Home: { row: far ? 0 : row, column: 0 },
      End: { row: far ? lastRow : row, column: lastColumn },
    };
    const to = moves[key];
    return (
      to && {
        row: Math.max(0, Math.min(lastRow, to.row)),
        column: Math.max(0, Math.min(lastColumn, to.column)),
      }
    );
  }
}
