import { asNumber, fullText, isNumeric, type Source, type Value } from "./model.ts";
import { type Pace, stride } from "./pace.ts";

/** What a column's values must be for a row to stay. Empty values stay only when nothing is asked of the column. */
export interface ColumnFilter {
  /** Of numbers and dates: the ends of a range, included. */
  readonly least?: number;
  readonly most?: number;
  /** Of texts: a part of them, in any case. */
  readonly contains?: string;
  /** Only empty values, or only others. */
  readonly empty?: boolean;
}

/** All that is asked of the rows: words that must each occur in some column, and a filter for each of some columns. */
export interface RowFilter {
  readonly words: string;
  readonly columns: ReadonlyMap<number, ColumnFilter>;
}

/** The rows that pass, in their own order. */
export async function filterRows(source: Source, filter: RowFilter, pace: Pace): Promise<Uint32Array> {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = [...filter.columns].map(([column, wanted]) => columnTest(source, column, wanted));
  const search = words.length > 0 ? wordTest(source, words) : undefined;
  const kept = new Uint32Array(source.rowCount);
  let count = 0;
  for (let row = 0; row < source.rowCount; row++) {
    if (tests.every((test) => test(row)) && (!search || search(row))) kept[count++] = row;
    if (row % stride === 0 && pace.due) await pace.rest();
  }
  return kept.slice(0, count);
}

/** Whether anything is asked of a column. */
export function asksNothing(filter: ColumnFilter): boolean {
  return filter.least === undefined && filter.most === undefined && !filter.contains && filter.empty === undefined;
}

function columnTest(source: Source, column: number, filter: ColumnFilter): (row: number) => boolean {
  const { kind } = source.columns[column]!;
  const least = filter.least ?? Number.NEGATIVE_INFINITY;
  const most = filter.most ?? Number.POSITIVE_INFINITY;
  const ranged = filter.least !== undefined || filter.most !== undefined;
  const part = filter.contains?.toLowerCase();
  return (row) => {
    const value = source.value(row, column);
    const empty = isEmpty(value);
    if (filter.empty !== undefined && empty !== filter.empty) return false;
    if (ranged) {
      const number = asNumber(value);
      if (!(number >= least && number <= most)) return false;
    }
    return !part || (!empty && fullText(value, kind).toLowerCase().includes(part));
  };
}

/** Whether a value counts as a gap. */
export function isEmpty(value: Value): boolean {
  return value === null || (typeof value === "number" && Number.isNaN(value));
}

/**
 * Looks for all words of the search in a row. Numbers are found as they are shown, whole ones also without separators; a word without
 * a digit is not looked for in them, which keeps a million rows quick.
 */
function wordTest(source: Source, words: readonly string[]): (row: number) => boolean {
  const columns = source.columns.map((column, index) => ({ column, index, numeric: isNumeric(column) }));
  const wanted = words.map((word) => ({
    word,
    plain: word.replaceAll(",", ""),
    inNumbers: /\d|nan|∞/.test(word),
  }));
  return (row) => {
    const values = columns.map(({ index }) => source.value(row, index));
    return wanted.every(({ word, plain, inNumbers }) =>
      columns.some(({ column, numeric }, index) => {
        const value = values[index]!;
        if (value === null) return false;
        if (!numeric || typeof value === "string") return String(value).toLowerCase().includes(word);
        if (!inNumbers) return false;
        // Digits that rounding hides are not looked for.
        if (!column.whole && typeof value === "number") return column.text(value).toLowerCase().includes(word);
        return String(value).includes(plain) || (word !== plain && column.text(value).includes(word));
      }),
    );
  };
}
