import { existsSync, readFileSync } from "node:fs";
import { type TrainingState, writeAtomically } from "../../../kernel/sdk/onnx/index.ts";

interface Entry {
  readonly name: string;
  /** `value`, `average`, or a moment's number. */
  readonly part: "value" | "average" | number;
  readonly length: number;
}

interface Header {
  readonly step: number;
  readonly entries: readonly Entry[];
}

/** Writes all state of a training run: a line of JSON, padded to four bytes, then the float32 arrays. */
export function writeCheckpoint(path: string, state: TrainingState): void {
  const entries: Entry[] = [];
  const arrays: Float32Array[] = [];
  const add = (name: string, part: Entry["part"], data: Float32Array) => {
    entries.push({ name, part, length: data.length });
    arrays.push(data);
  };
  for (const [name, data] of Object.entries(state.values)) add(name, "value", data);
  for (const [name, moments] of Object.entries(state.moments)) {
    for (const [index, data] of moments.entries()) add(name, index, data);
  }
  for (const [name, data] of Object.entries(state.averages ?? {})) add(name, "average", data);
  let header = JSON.stringify({ step: state.step, entries } satisfies Header);
  header += `${" ".repeat((4 - ((Buffer.byteLength(header) + 1) % 4)) % 4)}\n`;
  const bytes = (data: Float32Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writeAtomically(path, [Buffer.from(header), ...arrays.map(bytes)]);
}

/** Reads what {@link writeCheckpoint} wrote; undefined when there is no such file. */
export function readCheckpoint(path: string): TrainingState | undefined {
  if (!existsSync(path)) return undefined;
  const file = readFileSync(path);
  const end = file.indexOf(10) + 1;
  const header = JSON.parse(file.toString("utf8", 0, end)) as Header;
  const values: Record<string, Float32Array> = {};
  const moments: Record<string, Float32Array[]> = {};
  const averages: Record<string, Float32Array> = {};
  let offset = end;
  for (const { name, part, length } of header.entries) {
    const data = new Float32Array(file.buffer.slice(file.byteOffset + offset, file.byteOffset + offset + 4 * length));
    offset += 4 * length;
    if (part === "value") values[name] = data;
    else if (part === "average") averages[name] = data;
    else {
      moments[name] ??= [];
      moments[name][part] = data;
    }
  }
  return {
    step: header.step,
    values,
    moments,
    averages: Object.keys(averages).length > 0 ? averages : undefined,
  };
}
