import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";
import { type ArrowType, arrowKind, arrowReader, arrowUnit } from "../../protocol/arrow-values.ts";
import type { TableOutput } from "../../protocol/outputs.ts";

type Column = TableOutput["columns"][number];

interface ArrowVector {
  get(index: number): unknown;
  readonly nullCount?: number;
  toArray?(): unknown;
}

/** A table of apache-arrow: of any copy, the notebook's own or Assay's. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: ArrowType }[] };
  readonly numRows: number;
  readonly batches: readonly unknown[];
  getChild(name: string): ArrowVector | null;
}

/** Whether a value is a table of apache-arrow. */
export function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== "object" || value === null) return false;
  const { schema, numRows, batches, getChild } = value as Partial<ArrowTable>;
  return (
    Array.isArray(schema?.fields) &&
    typeof numRows === "number" &&
    Array.isArray(batches) &&
    typeof getChild === "function"
  );
}

type PlainNumbers = Float32Array | Float64Array | Int32Array;

/** Loaded when a table is first large, or first of Arrow: most cells need none of it. */
let loaded: typeof Arrow | undefined;
function arrow(): typeof Arrow {
  loaded ??= createRequire(import.meta.url)("apache-arrow") as typeof Arrow;
  return loaded;
}

/** The columns of an Arrow table, or those of the names asked for that it has. */
export function arrowColumns({ schema }: ArrowTable, names?: readonly string[]): Column[] {
  const fields = names
    ? names.flatMap((name) => schema.fields.find((field) => field.name === name) ?? [])
    : schema.fields;
  return fields.map(({ name, type }) => {
    const unit = arrowUnit(type);
    return { name, kind: arrowKind(type), ...(unit === undefined ? {} : { unit }) };
  });
}

/** The first rows of an Arrow table as cells of an output. */
export function arrowRows(table: ArrowTable, columns: readonly Column[], most: number) {
  const readers = columns.map(({ name, kind }) => {
    const read = arrowReader(table.schema.fields.find((field) => field.name === name)!.type);
    const vector = table.getChild(name);
    return (row: number) => cell(read(vector?.get(row)), kind);
  });
  return Array.from({ length: Math.min(most, table.numRows) }, (_, row) => readers.map((read) => read(row)));
}

function cell(value: ReturnType<ReturnType<typeof arrowReader>>, kind: Column["kind"]) {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "number") return value;
  if (kind !== "date") return Number.isFinite(value) ? value : String(value);
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString();
}

/**
 * An Arrow table in the IPC stream format. A writer understands only tables of its own copy of apache-arrow: of another copy's, plain numbers are taken
 * over as they lie in memory, and the rest value by value.
 */
export function arrowFile(table: ArrowTable): Uint8Array {
  if (table.constructor === arrow().Table) return arrow().tableToIPC(table as unknown as Arrow.Table, "stream");
  const vectors = new Map(table.schema.fields.map(({ name }) => [name, table.getChild(name)]));
  return tableFile(arrowColumns(table), ({ name }) => {
    const vector = vectors.get(name);
    const { type } = table.schema.fields.find((field) => field.name === name)!;
    const plain = vector && plainNumbers(vector);
    if (plain) return plain;
    const read = arrowReader(type);
    return Array.from({ length: table.numRows }, (_, row) => read(vector?.get(row)));
  });
}

/** Numbers of 32 bits, or doubles, without gaps. */
function plainNumbers(vector: ArrowVector): PlainNumbers | undefined {
  const values = vector.nullCount === 0 ? vector.toArray?.() : undefined;
  const fits = values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array;
  return fits ? values : undefined;
}

/** Columns of plain values in the IPC stream format, each with the narrowest type that holds all of its values exactly. */
export function tableFile(
  columns: readonly Column[],
  values: (column: Column) => readonly unknown[] | PlainNumbers,
): Uint8Array {
  const { makeVector, Table, tableToIPC, vectorFromArray } = arrow();
  const vectors: Record<string, Arrow.Vector> = {};
  for (const column of columns) {
    const own = values(column);
    if (!Array.isArray(own)) {
      vectors[column.name] = makeVector(own as PlainNumbers);
      continue;
    }
    const type = typeFor(column.kind, own);
    const text = type.typeId === arrow().Type.Utf8 || type.typeId === arrow().Type.Dictionary;
    const exact = type instanceof arrow().Int64;
    const fitting = own.map((value) =>
      value === null ? null : text ? String(value) : exact ? BigInt(value as number) : value,
    );
    vectors[column.name] = vectorFromArray(fitting, type);
  }
  return tableToIPC(new Table(vectors), "stream");
}

function typeFor(kind: Column["kind"], values: readonly unknown[]): Arrow.DataType {
  const { Bool, Dictionary, Float64, Int32, Int64, TimestampMillisecond, Utf8 } = arrow();
  if (kind === "boolean") return new Bool();
  if (kind === "date") return new TimestampMillisecond();
  if (kind === "number") {
    const present = values.filter((value) => value !== null);
    if (
      present.every((value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 && !Object.is(value, -0))
    )
      return new Int32();
    if (present.every((value) => typeof value === "number")) return new Float64();
    const whole = present.every((value) => typeof value === "bigint" || Number.isSafeInteger(value));
    const fits =
      whole && present.every((value) => BigInt.asIntN(64, BigInt(value as bigint)) === BigInt(value as bigint));
    return fits ? new Int64() : new Utf8();
  }
  const different = new Set(values);
  return different.size <= values.length / 4 && different.size < 30_000
    ? new Dictionary(new Utf8(), new Int32())
    : new Utf8();
}
