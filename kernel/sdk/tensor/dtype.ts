/** The element types of tensors, by their usual names. */
export type DataType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string"
  | "complex64"
  | "complex128"
  | "float8e4m3fn"
  | "float8e4m3fnuz"
  | "float8e5m2"
  | "float8e5m2fnuz"
  | "float8e8m0"
  | "float4e2m1"
  | "int4"
  | "uint4"
  | "int2"
  | "uint2";

/** The typed arrays that hold tensor elements; strings have their own array. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** What the `data` of a tensor of type `D` is. Half floats are raw bits; types below a byte are packed. */
export type DataOf<D extends DataType> = D extends "float32" | "complex64"
  ? Float32Array
  : D extends "float64" | "complex128"
    ? Float64Array
    : D extends "float16" | "bfloat16" | "uint16"
      ? Uint16Array
      : D extends "int64"
        ? BigInt64Array
        : D extends "uint64"
          ? BigUint64Array
          : D extends "int32"
            ? Int32Array
            : D extends "uint32"
              ? Uint32Array
              : D extends "int16"
                ? Int16Array
                : D extends "int8"
                  ? Int8Array
                  : D extends "string"
                    ? string[]
                    : Uint8Array;

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
}

interface Layout {
  readonly array: ArrayType;
  /** Array elements per tensor element: 2 for complex numbers, 1/2 for 4-bit and 1/4 for 2-bit types. */
  readonly per: number;
}

const layouts: Record<Exclude<DataType, "string">, Layout> = {
  float32: { array: Float32Array, per: 1 },
  float64: { array: Float64Array, per: 1 },
  float16: { array: Uint16Array, per: 1 },
  bfloat16: { array: Uint16Array, per: 1 },
  int8: { array: Int8Array, per: 1 },
  int16: { array: Int16Array, per: 1 },
  int32: { array: Int32Array, per: 1 },
  int64: { array: BigInt64Array, per: 1 },
  uint8: { array: Uint8Array, per: 1 },
  uint16: { array: Uint16Array, per: 1 },
  uint32: { array: Uint32Array, per: 1 },
  uint64: { array: BigUint64Array, per: 1 },
  bool: { array: Uint8Array, per: 1 },
  complex64: { array: Float32Array, per: 2 },
  complex128: { array: Float64Array, per: 2 },
  float8e4m3fn: { array: Uint8Array, per: 1 },
  float8e4m3fnuz: { array: Uint8Array, per: 1 },
  float8e5m2: { array: Uint8Array, per: 1 },
  float8e5m2fnuz: { array: Uint8Array, per: 1 },
  float8e8m0: { array: Uint8Array, per: 1 },
  float4e2m1: { array: Uint8Array, per: 1 / 2 },
  int4: { array: Uint8Array, per: 1 / 2 },
  uint4: { array: Uint8Array, per: 1 / 2 },
  int2: { array: Uint8Array, per: 1 / 4 },
  uint2: { array: Uint8Array, per: 1 / 4 },
};

/** Whether values of this type can carry a gradient. */
export function isFloat(dtype: DataType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16" || dtype === "bfloat16";
}

/** Whether elements of this type are raw codes of one byte or less, which no typed array represents. */
export function isPacked(dtype: DataType): boolean {
  return /^float[48]|^u?int[24]$/.test(dtype);
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Length of the array that holds `count` elements of `dtype`. */
export function arrayLength(dtype: DataType, count: number): number {
  return dtype === "string" ? count : Math.ceil(count * layouts[dtype].per);
}

/** Bytes that `count` elements of `dtype` take in a file; strings have no fixed size and count as 0. */
export function byteLength(dtype: DataType, count: number): number {
  return dtype === "string" ? 0 : arrayLength(dtype, count) * layouts[dtype].array.BYTES_PER_ELEMENT;
}

/** A zero-filled array for `count` elements of `dtype`. */
export function allocate<D extends DataType>(dtype: D, count: number): DataOf<D> {
  const array =
    dtype === "string"
      ? new Array<string>(count).fill("")
      : new layouts[dtype as "float32"].array(arrayLength(dtype, count));
  return array as DataOf<D>;
}

/**
 * Views little-endian bytes as elements of `dtype`; copies only where the bytes are not aligned.
 * `bytes` must hold exactly the elements.
 */
export function viewBytes<D extends DataType>(dtype: D, bytes: Uint8Array): DataOf<D> {
  const { array } = layouts[dtype as "float32"];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(aligned.buffer, aligned.byteOffset, aligned.byteLength / array.BYTES_PER_ELEMENT) as DataOf<D>;
}
