import { types } from "node:util";
import type { ValueKind } from "../../protocol/variables.ts";
import { className, ownData, ownProperty } from "./own.ts";
import { functionText, typedArrayLength } from "./slots.ts";

/** What a value is. */
export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case "object":
      return value === null ? "null" : objectKind(value);
    case "function":
      if (types.isProxy(value)) return "proxy";
      return isClass(value) ? "class" : "function";
    default:
      return typeof value;
  }
}

function objectKind(value: object): ValueKind {
  if (types.isProxy(value)) return "proxy";
  if (Array.isArray(value)) return "array";
  if (types.isTypedArray(value)) return "typed-array";
  if (types.isMap(value)) return "map";
  if (types.isSet(value)) return "set";
  if (types.isDate(value)) return "date";
  if (types.isRegExp(value)) return "regexp";
  if (types.isNativeError(value)) return "error";
  if (types.isPromise(value)) return "promise";
  if (types.isModuleNamespaceObject(value)) return "module";
  if (tensorShape(value)) return "tensor";
  if (pixelSize(value)) return "image";
  if (tableSize(value)) return "table";
  return "object";
}

function isClass(value: object): boolean {
  const prototype = ownProperty(value, "prototype");
  return prototype?.writable === false && functionText(value).startsWith("class");
}

/** Shape and type of numbers of a tensor: Assay's own, ONNX Runtime's, and others that keep `dims` beside `dtype` or `type`. */
export function tensorShape(value: object): { dims: readonly number[]; dtype: string } | undefined {
  const dims = ownData(value, "dims");
  if (!Array.isArray(dims) || types.isProxy(dims) || dims.length > 16) return undefined;
  const dtype = ownData(value, "dtype") ?? ownData(value, "type");
  if (typeof dtype !== "string" || className(value) !== "Tensor") return undefined;
  const lengths = Array.from({ length: dims.length }, (_, i) => ownData(dims, i));
  return lengths.every((one) => typeof one === "number") ? { dims: lengths, dtype } : undefined;
}

/** Width, height and channels of pixels: the SDK's images, `ImageData`, and objects like them with a byte for each channel. */
export function pixelSize(value: object): { width: number; height: number; channels: number } | undefined {
  const width = ownData(value, "width");
  const height = ownData(value, "height");
  const data = ownData(value, "data");
  if (typeof width !== "number" || typeof height !== "number" || !isBytes(data)) return undefined;
  const channels = typedArrayLength(data) / (width * height);
  return Number.isInteger(width) && Number.isInteger(height) && [1, 2, 3, 4].includes(channels)
    ? { width, height, channels }
    : undefined;
}

/** Rows and columns of an Apache Arrow table. */
export function tableSize(value: object): { rows: number; columns: number } | undefined {
  const fields = ownData(ownData(value, "schema"), "fields");
  const offsets = ownData(value, "_offsets");
  if (!Array.isArray(fields) || types.isProxy(fields) || !Array.isArray(ownData(value, "batches"))) return undefined;
  if (!types.isUint32Array(offsets)) return undefined;
  const rows = ownData(offsets, typedArrayLength(offsets) - 1);
  return typeof rows === "number" ? { rows, columns: fields.length } : undefined;
}

/** Bytes as an array of them: `Uint8Array`, `Buffer`, `Uint8ClampedArray`. */
export function isBytes(value: unknown): value is Uint8Array | Uint8ClampedArray {
  return types.isUint8Array(value) || types.isUint8ClampedArray(value);
}
