import { types } from "node:util";
import type { ValueKind, ValueSummary } from "../../protocol/variables.ts";
import { kindOf, pixelSize, tableSize, tensorShape } from "./kind.ts";
import { countOf } from "./members.ts";
import { className } from "./own.ts";
import { previewOf } from "./preview.ts";
import { bufferBytes, mapSize, setSize, sharedBytes, typedArrayBytes, typedArrayLength, viewBytes } from "./slots.ts";

/** A value in a line: what it is, how large, and how it begins. Costs the same for large values as for small ones. */
export function summarise(value: unknown): ValueSummary {
  const kind = kindOf(value);
  const size = sizeOf(value, kind);
  return {
    kind,
    type: typeOf(value, kind),
    ...(size.shape === undefined ? {} : { shape: size.shape }),
    ...(size.bytes === undefined ? {} : { bytes: size.bytes }),
    preview: previewOf(value),
    expandable: countOf(value) > 0,
  };
}

function typeOf(value: unknown, kind: ValueKind): string {
  if (kind === "proxy") return "Proxy";
  if (kind === "module") return "Module";
  if (typeof value === "object" && value !== null) return className(value);
  return typeof value === "function" ? (kind === "class" ? "class" : "function") : kind;
}

interface Size {
  readonly shape?: string;
  readonly bytes?: number;
}

function sizeOf(value: unknown, kind: ValueKind): Size {
  if (typeof value === "string") return value.length > 100 ? { shape: counted(value.length, "character") } : {};
  if (typeof value !== "object" || value === null || kind === "proxy") return {};
  switch (kind) {
    case "array":
      return { shape: counted((value as unknown[]).length, "item") };
    case "typed-array":
      return { shape: counted(typedArrayLength(value), "item"), bytes: typedArrayBytes(value) };
    case "map":
      return { shape: counted(mapSize(value), "entry", "entries") };
    case "set":
      return { shape: counted(setSize(value), "value") };
    case "tensor": {
      const { dims, dtype } = tensorShape(value)!;
      const elements = dims.reduce((product, one) => product * one, 1);
      const bytes = elementBytes(dtype);
      const shape = `${dims.length === 0 ? "scalar" : dims.join(" × ")} ${dtype}`;
      return bytes === undefined ? { shape } : { shape, bytes: Math.ceil(elements * bytes) };
    }
    case "image": {
      const { width, height, channels } = pixelSize(value)!;
      const layout = ["grey", "grey + alpha", "RGB", "RGBA"][channels - 1];
      return { shape: `${width} × ${height} ${layout}`, bytes: width * height * channels };
    }
    case "table": {
      const { rows, columns } = tableSize(value)!;
      return { shape: `${counted(rows, "row")} × ${counted(columns, "column")}` };
    }
    default:
      return bufferSize(value);
  }
}

function bufferSize(value: object): Size {
  if (types.isArrayBuffer(value)) return { bytes: bufferBytes(value) };
  if (types.isSharedArrayBuffer(value)) return { bytes: sharedBytes(value) };
  return types.isDataView(value) ? { bytes: viewBytes(value) } : {};
}

/** Bytes of one element by the name of its type: `float16` has 2, `int4` a half. */
function elementBytes(dtype: string): number | undefined {
  if (dtype === "bool") return 1;
  const bits = /^(?:float|bfloat|int|uint)(\d+)/.exec(dtype)?.[1];
  return bits === undefined ? undefined : Number(bits) / 8;
}

/** `1 item`, `1,000 items`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? one : many}`;
}
