/*
 * How Arrow's types are shown, for both ends: the SDK, which writes the first rows into an output, and the renderer, which reads the rest. Types are
 * known by their numeric ids, so that tables of any copy of apache-arrow are understood.
 */

/** What of an Arrow type is looked at. */
export interface ArrowType {
  readonly typeId: number;
  /** Of a dictionary: the type of its values. */
  readonly dictionary?: ArrowType;
  /** Of a decimal: digits after the point. */
  readonly scale?: number;
  /** Of times: 0 s, 1 ms, 2 µs, 3 ns. */
  readonly unit?: number;
}

/** `Type` of apache-arrow: its abstract ids. */
const ids = {
  int: 2,
  float: 3,
  binary: 4,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  list: 12,
  struct: 13,
  union: 14,
  fixedBinary: 15,
  fixedList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
} as const;
/** The id of dictionaries, which stands apart. */
const dictionaryId = -1;

/** One value as a table shows it. Dates are milliseconds since 1970 (UTC); decimals, lists and structs are text. */
export type ArrowValue = string | number | boolean | bigint | null;

/** The kind of column that an Arrow type makes. */
export function arrowKind(type: ArrowType): "number" | "text" | "boolean" | "date" | "json" {
  if (type.typeId === dictionaryId && type.dictionary) return arrowKind(type.dictionary);
  const { int, float, decimal, duration, time, bool, date, timestamp, list, struct, union, fixedList, map } = ids;
  if ([int, float, decimal, duration, time].some((id) => id === type.typeId)) return "number";
  if (type.typeId === bool) return "boolean";
  if (type.typeId === date || type.typeId === timestamp) return "date";
  return [list, struct, union, fixedList, map].some((id) => id === type.typeId) ? "json" : "text";
}

/** The unit that an Arrow type gives its numbers: "ms" of a duration. */
export function arrowUnit(type: ArrowType): string | undefined {
  if (type.typeId !== ids.duration && type.typeId !== ids.time) return undefined;
  return ["s", "ms", "µs", "ns"][type.unit ?? 1];
}

/** How values of an Arrow type, as `Vector.get` returns them, become values of a table. */
export function arrowReader(type: ArrowType): (value: unknown) => ArrowValue {
  if (type.typeId === dictionaryId && type.dictionary) return arrowReader(type.dictionary);
  if (type.typeId === ids.decimal) return (value) => decimalText(value, type.scale ?? 0);
  if (type.typeId === ids.timestamp || type.typeId === ids.date) return dateNumber;
  return plain;
}

function dateNumber(value: unknown): ArrowValue {
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" ? Number(value) : plain(value);
}

/** The exact digits of a decimal, which arrives as the little-endian words of a whole number. */
function decimalText(value: unknown, scale: number): ArrowValue {
  if (!(value instanceof Uint32Array)) return plain(value);
  let whole = 0n;
  for (let i = value.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(value[i]!);
  whole = BigInt.asIntN(32 * value.length, whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  const sign = whole < 0n ? "-" : "";
  return scale > 0 ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : `${sign}${digits}`;
}

function plain(value: unknown): ArrowValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return hex(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? null;
}

/** Bytes as hexadecimal digits, in full. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
