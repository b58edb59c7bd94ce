import { z } from "zod";
import { problem } from "../errors.ts";
import { byteLength, type DataType, elementCount } from "../tensor/index.ts";
import { elementTypes } from "./safetensors-types.ts";

/** One tensor as the header describes it; offsets count from the end of the header. */
interface HeaderEntry {
  readonly key: string;
  readonly dtype: DataType;
  readonly dims: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A header whose offsets are known to lie in the file, in order, without a gap or an overlap. */
export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors' bytes begin in the file. */
  readonly dataStart: number;
}

/** The format's own limit. */
const maximumHeader = 100_000_000;

const length = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const tensorHeader = z.object({
  dtype: z.string(),
  shape: z.array(length).max(64),
  data_offsets: z.tuple([length, length]),
});
const metadataHeader = z.record(z.string(), z.string());

/** Reads and checks the header of a safetensors file. @throws AssayError `safetensors.corrupt` */
export function parseHeader(bytes: Uint8Array, name: string): Header {
  const fail = (detail: string, cause?: unknown) => problem.safetensorsCorrupt(name, detail, cause);
  if (bytes.length < 8) throw fail(`it has ${bytes.length} bytes, too few for a header`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > maximumHeader) throw fail("its first bytes announce a header above the format's limit of 100 MB");
  const headerLength = Number(declared);
  const dataStart = 8 + headerLength;
  if (dataStart > bytes.length)
    throw fail(`it ends inside its header (${bytes.length} of at least ${dataStart} bytes)`);
  const { entries, metadata } = parseJson(bytes.subarray(8, dataStart), fail);

  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { key, dtype, dims, begin, end } of entries) {
    if (begin !== expected || end < begin) throw fail(`tensor ${key} overlaps another one or leaves a gap`);
    const size = elementCount(dims);
    if (!Number.isSafeInteger(size) || byteLength(dtype, size) !== end - begin) {
      throw fail(`tensor ${key} of shape [${dims}] does not fit the ${end - begin} bytes it is given`);
    }
    expected = end;
  }
  const present = bytes.length - dataStart;
  if (present < expected) throw fail(`it is cut off: ${present} of ${expected} bytes of tensors are there`);
  if (present > expected) throw fail(`${present - expected} bytes follow the last tensor`);
  return { entries, metadata, dataStart };
}

function parseJson(json: Uint8Array, fail: (detail: string, cause?: unknown) => Error) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw fail("its header is not JSON", cause);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw fail("its header is not an object");
  const entries: HeaderEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(parsed)) {
    if (key === "__metadata__") {
      const found = metadataHeader.safeParse(value);
      if (!found.success) throw fail("its __metadata__ holds something else than strings");
      metadata = found.data;
      continue;
    }
    const found = tensorHeader.safeParse(value);
    if (!found.success) throw fail(`the header entry of tensor ${key} is malformed`);
    const { dtype: typeName, shape: dims, data_offsets } = found.data;
    const dtype = elementTypes.get(typeName);
    if (!dtype) throw fail(`tensor ${key} has the unsupported element type ${typeName}`);
    entries.push({ key, dtype, dims, begin: data_offsets[0], end: data_offsets[1] });
  }
  return { entries, metadata };
}
