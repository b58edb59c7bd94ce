import type { DataType } from "../tensor/index.ts";

/** The names of element types in a header. The order is the one in which tensors are written: widest elements first. */
export const elementTypes: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ["U64", "uint64"],
  ["I64", "int64"],
  ["F64", "float64"],
  ["F32", "float32"],
  ["U32", "uint32"],
  ["I32", "int32"],
  ["BF16", "bfloat16"],
  ["F16", "float16"],
  ["U16", "uint16"],
  ["I16", "int16"],
  ["F8_E5M2", "float8e5m2"],
  ["F8_E4M3", "float8e4m3fn"],
  ["I8", "int8"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);
