import { types } from "node:util";
import { kindOf, pixelSize, tableSize, tensorShape } from "./kind.ts";
import { className, functionName, isObject, keysOf, ownData, ownProperty, prototypeOf } from "./own.ts";
import {
  dateText,
  dateTime,
  entriesOf,
  mapSize,
  regexpText,
  setSize,
  symbolText,
  typedArrayLength,
  valuesOf,
} from "./slots.ts";

/** How long a preview may get, about. */
const room = 120;
/** Objects with more keys than this are remembered, so that they are not counted again for each preview. */
const manyKeys = 2000;
const large = new WeakSet<object>();

/** Whether an object was found to have so many keys that counting them takes time. */
export const isLarge = (object: object): boolean => large.has(object);

/** Own keys, remembering objects that have very many. */
export function countedKeys(object: object): PropertyKey[] {
  const keys = keysOf(object);
  if (keys.length > manyKeys) large.add(object);
  return keys;
}

/** A value in one line of about 120 characters. */
export function previewOf(value: unknown): string {
  try {
    return oneLine(text(value, 2, room));
  } catch {
    return "(cannot be shown)";
  }
}

/** A string in quotes, on one line. */
export function quoted(value: string, limit: number): string {
  const cut = value.length > limit;
  const shown = cut ? value.slice(0, limit) : value;
  const escaped = JSON.stringify(shown).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}${cut ? "…" : ""}'`;
}

/** A key as it is written in an object. */
export function keyText(key: PropertyKey): string {
  if (typeof key === "symbol") return `[${symbolText(key)}]`;
  const name = String(key);
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quoted(name, 60);
}

function text(value: unknown, depth: number, space: number): string {
  switch (typeof value) {
    case "string":
      return quoted(value, Math.max(10, space));
    case "bigint":
      return `${bounded(String(value), space)}n`;
    case "symbol":
      return symbolText(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
    case "function":
      return value === null ? "null" : objectText(value, depth, space);
    default:
      return String(value);
  }
}

function objectText(value: object, depth: number, space: number): string {
  const kind = kindOf(value);
  switch (kind) {
    case "proxy":
      return "Proxy";
    case "function":
      return `ƒ ${functionName(value) || "(anonymous)"}()`;
    case "class":
      return `class ${functionName(value) || "(anonymous)"}`;
    case "date":
      return Number.isNaN(dateTime(value)) ? "Invalid Date" : dateText(value);
    case "regexp":
      return regexpText(value as RegExp);
    case "error":
      return errorText(value);
    case "promise":
      return "Promise";
    case "tensor": {
      const { dims, dtype } = tensorShape(value)!;
      return `Tensor ${dtype} [${dims.join(", ")}]`;
    }
    case "image": {
      const { width, height } = pixelSize(value)!;
      return `${className(value)} ${width}×${height}`;
    }
    case "table": {
      const { rows, columns } = tableSize(value)!;
      return `Table ${rows} × ${columns}`;
    }
    case "array": {
      const { length } = value as unknown[];
      if (depth === 0) return length === 0 ? "[]" : `Array(${length})`;
      return list("[", "]", length, space, (i, left) => {
        const own = ownProperty(value, i);
        return own ? memberText(own, depth, left) : "empty";
      });
    }
    case "typed-array": {
      const length = typedArrayLength(value);
      const name = className(value);
      if (depth === 0) return `${name}(${length})`;
      return `${name} ${list("[", "]", length, space, (i) => String(elementOf(value as Float32Array, i)))}`;
    }
    case "map": {
      const size = mapSize(value);
      if (depth === 0) return `Map(${size})`;
      const entries = entriesOf(value as Map<unknown, unknown>, 0, 20);
      return `Map ${list("{", "}", size, space, (i, left) => {
        const [key, held] = entries[i]!;
        return `${text(key, depth - 1, left / 2)} → ${text(held, depth - 1, left / 2)}`;
      })}`;
    }
    case "set": {
      const size = setSize(value);
      if (depth === 0) return `Set(${size})`;
      const values = valuesOf(value as Set<unknown>, 0, 20);
      return `Set ${list("{", "}", size, space, (i, left) => text(values[i], depth - 1, left))}`;
    }
    default:
      return propertiesText(value, depth, space, kind === "module");
  }
}

function propertiesText(value: object, depth: number, space: number, module: boolean): string {
  const name = module ? "Module" : className(value);
  const prefix = name === "Object" ? "" : `${name} `;
  if (depth === 0) return `${prefix}{…}`;
  const all = large.has(value) ? [] : countedKeys(value);
  if (large.has(value)) return `${prefix}{ many properties }`;
  const keys = all.filter((key) => ownProperty(value, key)?.enumerable);
  return `${prefix}${list("{", "}", keys.length, space, (i, left) => {
    const key = keys[i]!;
    const own = ownProperty(value, key);
    return `${keyText(key)}: ${own ? memberText(own, depth, left) : "…"}`;
  })}`;
}

function memberText(own: PropertyDescriptor, depth: number, space: number): string {
  if (own.get || own.set) return "(getter)";
  return text(own.value, depth - 1, space);
}

/** An element of a typed array; of 32-bit floats the shortest number that stands for it, as `0.1` for 0.10000000149. */
export function elementOf(array: NodeJS.TypedArray, index: number): number | bigint {
  const value = array[index]!;
  if (!(types.isFloat32Array(array) && typeof value === "number" && Number.isFinite(value))) return value;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** `Name: message`, from data alone. */
export function errorText(value: object): string {
  const message = ownData(value, "message");
  const name = firstText(value, "name") ?? className(value);
  const type = name === "Error" ? className(value) : name;
  return typeof message === "string" && message !== "" ? `${type}: ${bounded(message, room)}` : type;
}

function firstText(object: object, key: string): string | undefined {
  for (let at: object | null | undefined = object; at; at = prototypeOf(at)) {
    const found = ownData(at, key);
    if (typeof found === "string" && found !== "") return found;
    if (!isObject(at)) break;
  }
  return undefined;
}

function list(
  open: string,
  close: string,
  length: number,
  space: number,
  one: (index: number, space: number) => string,
): string {
  if (length === 0) return open + close;
  const gap = open === "{" ? " " : "";
  const parts: string[] = [];
  let used = 0;
  for (let i = 0; i < length && i < 20; i++) {
    if (used >= space - 4 && i > 0) break;
    const part = one(i, Math.min(40, space - used));
    used += part.length + 2;
    parts.push(part);
  }
  const rest = length - parts.length;
  if (rest > 0) parts.push(`… ${rest} more`);
  return `${open}${gap}${parts.join(", ")}${gap}${close}`;
}

function bounded(value: string, space: number): string {
  const limit = Math.max(10, Math.floor(space));
  return value.length > limit ? `${value.slice(0, limit)}…` : value;
}

function oneLine(value: string): string {
  const flat = value.length > room * 3 ? `${value.slice(0, room * 3)}…` : value;
  return flat.replace(/[\r\n\t\u2028\u2029]+/g, " ");
}
