import { isEmpty } from "./filter.ts";
import { asNumber, isNumeric, type Source } from "./model.ts";
import { type Pace, stride } from "./pace.ts";

/** Bars of a histogram at most; few different values get fewer bars, so that none stays empty by the arithmetic alone. */
const mostBars = 24;
/** Different values that are counted one by one; beyond this many only how many of them there are is known. */
const counted = 100_000;

/** What a column holds, in brief; of all rows, not of a sample. */
export interface ColumnSummary {
  readonly rows: number;
  readonly empty: number;
  /** How many different values there are, empty ones aside. */
  readonly unique: number;
  /** Of numbers and dates. Infinite values count in `rows` only. */
  readonly numbers?: {
    readonly least: number;
    readonly most: number;
    readonly mean: number;
    /** How many values fall into each of the equal parts of the range. */
    readonly counts: readonly number[];
  };
  /** Of other values: the most frequent ones, unless there are too many different ones. */
  readonly frequent?: readonly (readonly [text: string, count: number])[];
}

/** Looks at every value of a column. */
export async function summarize(source: Source, column: number, pace: Pace): Promise<ColumnSummary> {
  return isNumeric(source.columns[column]!)
    ? summarizeNumbers(source, column, pace)
    : summarizeTexts(source, column, pace);
}

async function summarizeNumbers(source: Source, column: number, pace: Pace): Promise<ColumnSummary> {
  const rows = source.rowCount;
  const all = source.numbers?.(column);
  const numbers = all ? all : new Float64Array(rows);
  const different = new Set<unknown>();
  let empty = 0;
  let finite = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let mean = 0;
  for (let row = 0; row < rows; row++) {
    const value = all ? all[row]! : source.value(row, column);
    const number = asNumber(value);
    if (!all) numbers[row] = number;
    if (isEmpty(value)) empty++;
    else different.add(value);
    if (Number.isFinite(number)) {
      finite++;
      // The running mean stays in range where a sum would overflow.
      mean += (number - mean) / finite;
      if (number < least) least = number;
      if (number > most) most = number;
    }
    if (row % stride === 0 && pace.due) await pace.rest();
  }
  const base = { rows, empty, unique: different.size };
  if (finite === 0) return base;
  const { size } = different;
  const bars = most > least ? Math.min(mostBars, size > mostBars / 2 ? Math.ceil(size / 2) : size) : 1;
  const counts = new Array<number>(bars).fill(0);
  const width = most / bars - least / bars;
  for (let row = 0; row < rows; row++) {
    const number = numbers[row]!;
    if (Number.isFinite(number)) {
      const bar = width > 0 ? Math.min(bars - 1, Math.max(0, Math.floor((number - least) / width))) : 0;
      counts[bar]!++;
    }
    if (row % stride === 0 && pace.due) await pace.rest();
  }
  return { ...base, numbers: { least, most, mean, counts } };
}

async function summarizeTexts(source: Source, column: number, pace: Pace): Promise<ColumnSummary> {
  const rows = source.rowCount;
  const counts = new Map<string, number>();
  const beyond = new Set<string>();
  let empty = 0;
  for (let row = 0; row < rows; row++) {
    const value = source.value(row, column);
    if (isEmpty(value)) empty++;
    else {
      const text = String(value);
      const before = counts.get(text);
      if (before !== undefined || counts.size < counted) counts.set(text, (before ?? 0) + 1);
      else beyond.add(text);
    }
    if (row % stride === 0 && pace.due) await pace.rest();
  }
  const base = { rows, empty, unique: counts.size + beyond.size };
  if (beyond.size > 0) return base;
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
  return { ...base, frequent };
}
