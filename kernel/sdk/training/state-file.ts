import { readFileSync } from "node:fs";
import { problem } from "../errors.ts";
import { type TrainingState, writeAtomically } from "../onnx/index.ts";

const format = "assay.training-state.v1";

interface Header {
  [name: string]: { dtype: "F32"; shape: [number]; data_offsets: [number, number] } | Record<string, string>;
}

/**
 * Writes the state of a training run atomically, in the safetensors layout: arrays `value/<name>`, `moment<i>/<name>` and
 * `average/<name>`, the step and the caller's own data in the metadata.
 */
export function writeStateFile(path: string, state: TrainingState, extra: unknown): void {
  const arrays = flatten(state);
  const header: Header = { __metadata__: { format, step: String(state.step), extra: JSON.stringify(extra ?? null) } };
  let offset = 0;
  for (const [name, values] of arrays) {
    header[name] = { dtype: "F32", shape: [values.length], data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json + " ".repeat((8 - (json.length % 8)) % 8));
  const length = new BigUint64Array([BigInt(text.length)]);
  const bytes = arrays.map(([, values]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  writeAtomically(path, [new Uint8Array(length.buffer), text, ...bytes]);
}

function flatten(state: TrainingState): [string, Float32Array][] {
  const named = (prefix: string, record: Record<string, Float32Array>) =>
    Object.entries(record).map(([name, values]): [string, Float32Array] => [`${prefix}/${name}`, values]);
  const moments = Object.entries(state.moments).flatMap(([name, list]) =>
    list.map((values, i): [string, Float32Array] => [`moment${i}/${name}`, values]),
  );
  return [...named("value", state.values), ...moments, ...named("average", state.averages ?? {})];
}

/** Reads what {@link writeStateFile} wrote. @throws AssayError `training.state` for a file that is none, or not whole. */
export function readStateFile(path: string): { state: TrainingState; extra: unknown } {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    throw problem.badTrainingState(path, error instanceof Error ? error.message : String(error), error);
  }
}

function parse(file: Buffer): { state: TrainingState; extra: unknown } {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length)) as Header;
  const metadata = header.__metadata__ as Record<string, string>;
  if (metadata?.format !== format) throw new RangeError("it is no training state");
  const state = { step: Number(metadata.step), values: {}, moments: {}, averages: undefined } as {
    -readonly [K in keyof TrainingState]: TrainingState[K];
  };
  for (const [key, entry] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const [start, end] = (entry as { data_offsets: [number, number] }).data_offsets;
    if (8 + length + end > file.length) throw new RangeError("its end is missing");
    const values = new Float32Array(new Uint8Array(file.subarray(8 + length + start, 8 + length + end)).buffer);
    place(state, key, values);
  }
  return { state, extra: JSON.parse(metadata.extra ?? "null") };
}

function place(
  state: { -readonly [K in keyof TrainingState]: TrainingState[K] },
  key: string,
  values: Float32Array,
): void {
  const [kind, name] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  if (kind === "value") state.values[name] = values;
  else if (kind === "average") {
    state.averages ??= {};
    state.averages[name] = values;
  } else {
    state.moments[name] ??= [];
    state.moments[name][Number(kind.slice("moment".length))] = values;
  }
}
