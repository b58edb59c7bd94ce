import { create } from "@bufbuild/protobuf";
import { byteLength, type DataType, elementCount, type NumericArray, Tensor, viewBytes } from "../tensor/index.ts";
import { type TensorProto, TensorProto_DataLocation, TensorProtoSchema } from "./generated/onnx_pb.js";

/** Element types by their number in the ONNX format. */
const byCode: Record<number, DataType> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  14: "complex64",
  15: "complex128",
  16: "bfloat16",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
  24: "float8e8m0",
  25: "uint2",
  26: "int2",
};

const toCode = new Map(Object.entries(byCode).map(([code, dtype]) => [dtype, Number(code)]));

/** The number of an element type in the ONNX format, as Cast's `to` takes it. */
export function dataTypeCode(dtype: DataType): number {
  return toCode.get(dtype)!;
}

/** The element type with that number, or undefined for 0 and unknown numbers. */
export function dataTypeOf(code: number): DataType | undefined {
  return byCode[code];
}

/** Opens the bytes of a tensor stored outside the model file, lazily. */
export type ReadExternal = (entries: ReadonlyMap<string, string>, bytes: number) => () => Uint8Array;

/**
 * Reads a tensor; its elements are decoded when first asked for.
 * @throws RangeError where type, shape and data do not fit together.
 */
export function tensorFromProto(proto: TensorProto, readExternal: ReadExternal): Tensor {
  const dtype = dataTypeOf(proto.dataType);
  if (!dtype) throw new RangeError(`tensor ${proto.name} has the unknown element type ${proto.dataType}`);
  const dims = proto.dims.map(Number);
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim)))
    throw new RangeError(`tensor ${proto.name} has the impossible shape [${dims}]`);
  const bytes = byteLength(dtype, elementCount(dims));
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    const load = readExternal(new Map(proto.externalData.map(({ key, value }) => [key, value])), bytes);
    return new Tensor(dtype, dims, () => viewBytes(dtype, load()));
  }
  if (dtype === "string")
    return new Tensor(
      dtype,
      dims,
      proto.stringData.map((text) => new TextDecoder().decode(text)),
    );
  if (proto.rawData.length > 0 || bytes === 0) {
    if (proto.rawData.length !== bytes)
      throw new RangeError(`tensor ${proto.name} has ${proto.rawData.length} bytes instead of ${bytes}`);
    return new Tensor(dtype, dims, () => viewBytes(dtype, proto.rawData));
  }
  return new Tensor(dtype, dims, typedField(dtype, proto));
}

/** Elements from the field of the message that holds this type where there is no raw data. */
function typedField(dtype: DataType, proto: TensorProto): NumericArray {
  switch (dtype) {
    case "float32":
    case "complex64":
      return Float32Array.from(proto.floatData);
    case "float64":
    case "complex128":
      return Float64Array.from(proto.doubleData);
    case "int64":
      return BigInt64Array.from(proto.int64Data);
    case "uint64":
      return BigUint64Array.from(proto.uint64Data);
    case "uint32":
      return Uint32Array.from(proto.uint64Data, Number);
    case "int32":
      return Int32Array.from(proto.int32Data);
    case "int16":
      return Int16Array.from(proto.int32Data);
    case "int8":
      return Int8Array.from(proto.int32Data);
    case "uint16":
    case "float16":
    case "bfloat16":
      return Uint16Array.from(proto.int32Data);
    default:
      return Uint8Array.from(proto.int32Data);
  }
}

/** The little-endian bytes of a tensor's elements, not copied. @throws TypeError for strings. */
export function tensorBytes(tensor: Tensor): Uint8Array {
  if (tensor.dtype === "string") throw new TypeError("strings have no raw bytes");
  const data = tensor.data as NumericArray;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Writes a tensor with its elements in it. */
export function tensorToProto(name: string, tensor: Tensor): TensorProto {
  const proto = create(TensorProtoSchema, {
    name,
    dims: tensor.dims.map(BigInt),
    dataType: dataTypeCode(tensor.dtype),
  });
  if (tensor.dtype === "string")
    proto.stringData = (tensor.data as string[]).map((text) => new TextEncoder().encode(text));
  else proto.rawData = tensorBytes(tensor);
  return proto;
}

/** Writes a tensor whose elements lie in another file, beside the model. */
export function externalTensorToProto(name: string, tensor: Tensor, location: string, offset: number): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: tensor.dims.map(BigInt),
    dataType: dataTypeCode(tensor.dtype),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      { key: "location", value: location },
      { key: "offset", value: String(offset) },
      { key: "length", value: String(tensorBytes(tensor).length) },
    ],
  });
}
