import { type Table, Type, tableFromIPC, type Vector } from "apache-arrow";
import { arrowReader } from "../../kernel/protocol/arrow-values.ts";
import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { makeColumn, type Source, type Value } from "./model.ts";

/** A table in Arrow's IPC format as a source; its columns are taken by name. Throws when the bytes are no Arrow table. */
export function arrowSource(data: TableOutput, bytes: Uint8Array): Source {
  let table: Table;
  try {
    table = tableFromIPC(bytes);
  } catch (error) {
    throw new Error(`its bytes are no Arrow table (${error instanceof Error ? error.message : String(error)})`);
  }
  // A cut stream reads as a shorter table.
  if (data.total !== undefined && table.numRows < data.total)
    throw new Error(`its Arrow table ends after ${table.numRows} of ${data.total} rows`);
  const vectors = data.columns.map((column) => {
    const vector = table.getChild(column.name);
    if (!vector) throw new Error(`its Arrow table has no column "${column.name}"`);
    return vector;
  });
  const read = vectors.map((vector) => arrowReader(vector.type));
  const value = (row: number, column: number) => read[column]!(vectors[column]!.get(row));
  return {
    rowCount: table.numRows,
    columns: data.columns.map((column, index) => {
      const step = Math.max(1, Math.floor(table.numRows / 1000));
      const sample: Value[] = [];
      for (let row = 0; row < table.numRows; row += step) sample.push(value(row, index));
      return makeColumn(column, sample, vectors[index]!.type.typeId === Type.Int);
    }),
    value,
    numbers: (column) => plainNumbers(vectors[column]!),
  };
}

/** Numbers without gaps lie in memory as they are needed. */
function plainNumbers(vector: Vector): Float64Array | undefined {
  const { type } = vector;
  const direct =
    (type.typeId === Type.Float && type.precision !== 0) || (type.typeId === Type.Int && type.bitWidth <= 32);
  if (!direct || vector.nullCount > 0) return undefined;
  return Float64Array.from(vector.toArray() as ArrayLike<number>);
}
