import { allocate, arrayLength, type DataOf, type DataType, elementCount, isPacked } from "./dtype.ts";
import { bfloatsToFloats, floatsToHalves, halvesToFloats } from "./float16.ts";

/**
 * A dense row-major array of numbers with a shape. `data` may be read from a file only when it is first asked for.
 *
 * `float16` and `bfloat16` hold raw bits in a `Uint16Array`: {@link Tensor.toFloat32} converts. `bool` holds 0 or 1.
 */
export class Tensor<D extends DataType = DataType> {
  /** Stays as it is when the code is bundled: shown values name their class. */
  static readonly name: string = "Tensor";
  readonly dtype: D;
  /** Lengths of the axes, outermost first; `[]` is a scalar. */
  readonly dims: readonly number[];
  #data: DataOf<D> | undefined;
  #load: (() => DataOf<D>) | undefined;

  /** @throws RangeError where the array's length does not fit the shape. */
  constructor(dtype: D, dims: readonly number[], data: DataOf<D> | (() => DataOf<D>)) {
    this.dtype = dtype;
    this.dims = dims;
    if (typeof data === "function") this.#load = data;
    else this.#data = this.#checked(data);
  }

  /** The elements. */
  get data(): DataOf<D> {
    if (this.#data === undefined) {
      this.#data = this.#checked(this.#load!());
      this.#load = undefined;
    }
    return this.#data;
  }

  /** Number of elements. */
  get size(): number {
    return elementCount(this.dims);
  }

  /** The same elements under another shape of the same size; nothing is copied. */
  reshape(dims: readonly number[]): Tensor<D> {
    return new Tensor(this.dtype, dims, this.data);
  }

  /** The elements as float32: the same array for float32, else a converted copy. @throws TypeError for strings and packed types. */
  toFloat32(): Tensor<"float32"> {
    return new Tensor("float32", this.dims, floats(this.dtype, this.data as DataOf<DataType>));
  }

  /** The elements rounded to float16. */
  toFloat16(): Tensor<"float16"> {
    if (this.dtype === "float16") return this as unknown as Tensor<"float16">;
    return new Tensor("float16", this.dims, floatsToHalves(this.toFloat32().data));
  }

  /** The elements as ordinary numbers. */
  toNumbers(): number[] {
    const data = this.data as ArrayLike<number | bigint | string>;
    if (this.dtype === "float16" || this.dtype === "bfloat16") return Array.from(this.toFloat32().data);
    return Array.from(data, Number);
  }

  #checked(data: DataOf<D>): DataOf<D> {
    const expected = arrayLength(this.dtype, elementCount(this.dims));
    if (data.length !== expected) {
      throw new RangeError(
        `a ${this.dtype} tensor of shape [${this.dims}] needs ${expected} elements, not ${data.length}`,
      );
    }
    return data;
  }
}

function floats(dtype: DataType, data: DataOf<DataType>): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype === "float16") return halvesToFloats(data as Uint16Array);
  if (dtype === "bfloat16") return bfloatsToFloats(data as Uint16Array);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return Float32Array.from(data as BigInt64Array, Number);
  if (dtype === "string" || isPacked(dtype)) {
    throw new TypeError(`${dtype} has no conversion to float32`);
  }
  return Float32Array.from(data as Float64Array);
}

/** A float32 tensor; without `dims` a vector. */
export function float32(values: ArrayLike<number>, dims: readonly number[] = [values.length]): Tensor<"float32"> {
  return new Tensor("float32", dims, values instanceof Float32Array ? values : Float32Array.from(values));
}

/** An int64 tensor; without `dims` a vector. */
export function int64(values: ArrayLike<number | bigint>, dims: readonly number[] = [values.length]): Tensor<"int64"> {
  const data = values instanceof BigInt64Array ? values : BigInt64Array.from(Array.from(values, BigInt));
  return new Tensor("int64", dims, data);
}

/** An int32 tensor; without `dims` a vector. */
export function int32(values: ArrayLike<number>, dims: readonly number[] = [values.length]): Tensor<"int32"> {
  return new Tensor("int32", dims, values instanceof Int32Array ? values : Int32Array.from(values));
}

/** A bool tensor; without `dims` a vector. */
export function bool(values: ArrayLike<boolean | number>, dims: readonly number[] = [values.length]): Tensor<"bool"> {
  return new Tensor("bool", dims, Uint8Array.from(Array.from(values, Number)));
}

/** A scalar (shape `[]`) of type float32, or of `dtype`. */
export function scalar<D extends DataType = "float32">(value: number, dtype?: D): Tensor<D> {
  return full([], value, dtype);
}

/** A tensor of zeros, float32 unless `dtype` says otherwise. */
export function zeros<D extends DataType = "float32">(dims: readonly number[], dtype?: D): Tensor<D> {
  const type = (dtype ?? "float32") as D;
  return new Tensor(type, dims, allocate(type, elementCount(dims)));
}

/** A tensor with one value everywhere, float32 unless `dtype` says otherwise. */
export function full<D extends DataType = "float32">(dims: readonly number[], value: number, dtype?: D): Tensor<D> {
  const tensor = zeros(dims, dtype);
  const data = tensor.data as unknown;
  if (tensor.dtype === "float16") (data as Uint16Array).fill(floatsToHalves(Float32Array.of(value))[0]!);
  else if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.fill(BigInt(value));
  else (data as Float32Array).fill(value);
  return tensor;
}
