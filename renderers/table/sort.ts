import { asNumber, isNumeric, type Sorting, type Source, type Value } from "./model.ts";
import { type Pace, stride } from "./pace.ts";

/** Up to this many texts are ordered as people count ("image 9" before "image 10"); more than these, letter by letter, in any case. */
const countedTexts = 50_000;

/** Sorts rows by a column, stably; empty values come last either way. A million numbers take about a third of a second, in slices. */
export async function sortRows(
  order: Uint32Array,
  source: Source,
  { column, descending }: Sorting,
  pace: Pace,
): Promise<Uint32Array> {
  const keys = isNumeric(source.columns[column]!)
    ? await numberKeys(order, source, column, pace)
    : await textKeys(order, source, column, pace);
  return radixSort(order, keys, descending, pace);
}

/** One number per place in `order`; NaN for what comes last. */
async function numberKeys(order: Uint32Array, source: Source, column: number, pace: Pace): Promise<Float64Array> {
  const all = source.numbers?.(column);
  const keys = new Float64Array(order.length);
  if (all) {
    for (let place = 0; place < order.length; place++) keys[place] = all[order[place]!]!;
    return keys;
  }
  const odd: { place: number; value: Value }[] = [];
  for (let place = 0; place < order.length; place++) {
    const value = source.value(order[place]!, column);
    const number = asNumber(value);
    keys[place] = number;
    // Whole numbers that a double rounds are told apart below.
    if (typeof value === "bigint" && !Number.isSafeInteger(number)) odd.push({ place, value });
    if (place % stride === 0 && pace.due) await pace.rest();
  }
  return odd.length > 0 ? exactRanks(order, source, column, pace) : keys;
}

/** Ranks of whole numbers that need all of their digits. */
async function exactRanks(order: Uint32Array, source: Source, column: number, pace: Pace): Promise<Float64Array> {
  const values = Array.from(order, (row) => source.value(row, column));
  const distinct = [...new Set(values)].filter((value) => !Number.isNaN(asNumber(value)));
  // Numbers and big integers compare by value.
  distinct.sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0));
  if (pace.due) await pace.rest();
  const ranks = new Map(distinct.map((value, rank) => [value, rank]));
  return Float64Array.from(values, (value) => ranks.get(value) ?? Number.NaN);
}

/** The rank of each text among the different ones. */
async function textKeys(order: Uint32Array, source: Source, column: number, pace: Pace): Promise<Float64Array> {
  const codes = new Map<string, number>();
  const own = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const value = source.value(order[place]!, column);
    if (value === null) own[place] = -1;
    else {
      const text = String(value);
      let code = codes.get(text);
      if (code === undefined) {
        code = codes.size;
        codes.set(text, code);
      }
      own[place] = code;
    }
    if (place % stride === 0 && pace.due) await pace.rest();
  }
  const texts = [...codes.keys()];
  const few = texts.length <= countedTexts;
  const compared = few ? texts : texts.map((text) => text.toLowerCase());
  const sorted = await mergeSort(compared, few ? new Intl.Collator("en", { numeric: true }).compare : byLetters, pace);
  const ranks = new Float64Array(texts.length);
  for (let rank = 0; rank < sorted.length; rank++) ranks[sorted[rank]!] = rank;
  const keys = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) keys[place] = own[place]! < 0 ? Number.NaN : ranks[own[place]!]!;
  return keys;
}

function byLetters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Indices of texts in order. Bottom-up merge sort: it can rest anywhere, which the built-in sort cannot. */
async function mergeSort(
  texts: readonly string[],
  compare: (a: string, b: string) => number,
  pace: Pace,
): Promise<Uint32Array> {
  let from = Uint32Array.from(texts, (_, i) => i);
  let to = new Uint32Array(texts.length);
  let compared = 0;
  for (let width = 1; width < texts.length; width *= 2) {
    for (let start = 0; start < texts.length; start += 2 * width) {
      const middle = Math.min(start + width, texts.length);
      const end = Math.min(start + 2 * width, texts.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeLeft = left < middle && (right >= end || compare(texts[from[left]!]!, texts[from[right]!]!) <= 0);
        to[at] = takeLeft ? from[left++]! : from[right++]!;
        if (++compared % stride === 0 && pace.due) await pace.rest();
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Least-significant-digit radix sort over the bits of doubles, 16 at a time. */
async function radixSort(
  order: Uint32Array,
  keys: Float64Array,
  descending: boolean,
  pace: Pace,
): Promise<Uint32Array> {
  const count = order.length;
  const digits = sortableDigits(keys, descending);
  if (pace.due) await pace.rest();
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Uint32Array(count);
  for (let digit = 0; digit < 4; digit++) {
    const starts = new Uint32Array(65_537);
    for (let i = 0; i < count; i++) starts[digits[4 * i + digit]! + 1]!++;
    // All alike in this digit: nothing moves.
    if (starts.includes(count)) continue;
    for (let value = 0; value < 65_536; value++) starts[value + 1]! += starts[value]!;
    for (let i = 0; i < count; i++) {
      const place = from[i]!;
      const value = digits[4 * place + digit]!;
      to[starts[value]!++] = place;
    }
    [from, to] = [to, from];
    if (pace.due) await pace.rest();
  }
  for (let i = 0; i < count; i++) to[i] = order[from[i]!]!;
  return to;
}

/** Turns doubles, in their own memory, into 64-bit whole numbers in the same order, in pieces of 16 bits, lowest first; NaN above all, also when descending. */
function sortableDigits(keys: Float64Array, descending: boolean): Uint16Array {
  const words = new Uint32Array(keys.buffer);
  for (let i = 0; i < keys.length; i++) {
    const [low, high] = [2 * i, 2 * i + 1];
    const key = keys[i]!;
    // −0 and 0 are the same number.
    if (key === 0) words[high] = 0;
    if (Number.isNaN(key)) {
      words[low] = 0xffffffff;
      words[high] = 0xffffffff;
      continue;
    }
    const negative = words[high]! >>> 31 === 1;
    const flip = negative !== descending;
    // Negative numbers count downwards: all bits turn; positive ones get the top bit. Descending turns all once more.
    if (flip) {
      words[low] = ~words[low]!;
      words[high] = descending ? ~(words[high]! | 0x80000000) : ~words[high]!;
    } else if (!negative) words[high] = words[high]! | 0x80000000;
  }
  return new Uint16Array(words.buffer);
}
