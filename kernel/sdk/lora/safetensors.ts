import { byteLength, elementCount, Tensor, viewBytes } from "../tensor/index.ts";
import { parseHeader } from "./safetensors-header.ts";
import { elementTypes } from "./safetensors-types.ts";

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** `__metadata__`: strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file: 8 bytes of header length, a JSON header, the tensors' bytes. Tensors view `bytes` where alignment
 * permits. Every offset is checked before it is used.
 *
 * @param name the file, for messages
 * @throws AssayError `safetensors.corrupt` for a file that is cut off, overlaps itself or is something else
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const { entries, metadata, dataStart } = parseHeader(bytes, name);
  const tensors = new Map<string, Tensor>();
  for (const { key, dtype, dims, begin, end } of entries) {
    const view = bytes.subarray(dataStart + begin, dataStart + end);
    tensors.set(key, new Tensor(dtype, dims, viewBytes(dtype, view)));
  }
  return { tensors, metadata };
}

/**
 * Writes a safetensors file. Equal contents give equal bytes: tensors are ordered by element width and name, metadata by name.
 *
 * @throws TypeError for element types that the format has no name for
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const typeNames = [...elementTypes.keys()];
  const dtypes = [...elementTypes.values()];
  const rank = (tensor: Tensor) => dtypes.indexOf(tensor.dtype);
  const ordered = [...tensors].sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1));
  const header = new Map<string, unknown>();
  const described = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (described.length > 0) header.set("__metadata__", Object.fromEntries(described));
  let offset = 0;
  for (const [key, tensor] of ordered) {
    if (rank(tensor) < 0) throw new TypeError(`safetensors has no element type for ${tensor.dtype} (tensor ${key})`);
    const length = byteLength(tensor.dtype, elementCount(tensor.dims));
    header.set(key, {
      dtype: typeNames[rank(tensor)],
      shape: tensor.dims,
      data_offsets: [offset, offset + length],
    });
    offset += length;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let position = 8 + headerLength;
  for (const [, tensor] of ordered) {
    const data = tensor.data as Uint8Array;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}
