import { getterOf, uncurried } from "./own.ts";

/* What the built-in types hold inside, read past anything that a cell may have put in front. */

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

export const mapSize = getterOf<number>(Map.prototype, "size");
export const setSize = getterOf<number>(Set.prototype, "size");
export const typedArrayName = getterOf<string | undefined>(typedArray, Symbol.toStringTag);
export const typedArrayLength = getterOf<number>(typedArray, "length");
export const typedArrayBytes = getterOf<number>(typedArray, "byteLength");
export const typedArrayOffset = getterOf<number>(typedArray, "byteOffset");
export const typedArrayBuffer = getterOf<ArrayBufferLike>(typedArray, "buffer");
export const viewBytes = getterOf<number>(DataView.prototype, "byteLength");
export const bufferBytes = getterOf<number>(ArrayBuffer.prototype, "byteLength");
export const sharedBytes = getterOf<number>(SharedArrayBuffer.prototype, "byteLength");
export const symbolText = uncurried<string>(Symbol.prototype.toString);
export const functionText = uncurried<string>(Function.prototype.toString);
export const dateTime = uncurried<number>(Date.prototype.getTime);
export const dateText = uncurried<string>(Date.prototype.toISOString);

const regexpSource = getterOf<string>(RegExp.prototype, "source");
const regexpFlags = (
  [
    ["d", "hasIndices"],
    ["g", "global"],
    ["i", "ignoreCase"],
    ["m", "multiline"],
    ["s", "dotAll"],
    ["u", "unicode"],
    ["v", "unicodeSets"],
    ["y", "sticky"],
  ] as const
).map(([letter, name]) => ({ letter, set: getterOf<boolean>(RegExp.prototype, name) }));

/** A regular expression as it is written. */
export function regexpText(value: RegExp): string {
  const flags = regexpFlags.filter(({ set }) => set(value)).map(({ letter }) => letter);
  return `/${regexpSource(value)}/${flags.join("")}`;
}

const mapEntries = uncurried<Iterator<[unknown, unknown]>>(Map.prototype.entries);
const nextEntry = uncurried<IteratorResult<[unknown, unknown]>>(new Map<unknown, unknown>().entries().next);
const setValues = uncurried<Iterator<unknown>>(Set.prototype.values);
const nextValue = uncurried<IteratorResult<unknown>>(new Set<unknown>().values().next);

/** Entries of a map from one number on. */
export function entriesOf(map: ReadonlyMap<unknown, unknown>, start: number, count: number): [unknown, unknown][] {
  const iterator = mapEntries(map);
  return taken(() => nextEntry(iterator), start, count);
}

/** Values of a set from one number on. */
export function valuesOf(set: ReadonlySet<unknown>, start: number, count: number): unknown[] {
  const iterator = setValues(set);
  return taken(() => nextValue(iterator), start, count);
}

function taken<T>(next: () => IteratorResult<T>, start: number, count: number): T[] {
  const found: T[] = [];
  for (let at = 0; at < start + count; at++) {
    const { done, value } = next();
    if (done) break;
    if (at >= start) found.push(value);
  }
  return found;
}
