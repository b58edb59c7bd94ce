import { type Table, tableFromIPC, type Vector } from "apache-arrow";
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
  const vectors = data.columns.map((column) => {
    const vector = table.getChild(column.name);
    if (!vector) throw new Error(`its Arrow table has no column "${column.name}"`);
    return vector;
  });
  return {
    rowCount: table.numRows,
    columns: data.columns.map((column, index) => makeColumn(column, sample(vectors[index]!))),
    value: (row, column) => plain(vectors[column]?.get(row)),
  };
}

function sample(vector: Vector): Value[] {
  const step = Math.max(1, Math.floor(vector.length / 1000));
  const values: Value[] = [];
  for (let row = 0; row < vector.length; row += step) values.push(plain(vector.get(row)));
  return values;
}

function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)) ?? null;
}
