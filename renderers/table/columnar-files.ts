import {
  Bool,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { type Column, fullText, type Source, type Value } from "./model.ts";
import { type Pace, stride } from "./pace.ts";

/** Rows that are written at a time: a row group of Parquet, a record batch of Arrow. */
const batch = 20_000;

/** The type of a column in a file, by what it really holds. */
type FileType = "double" | "int64" | "boolean" | "timestamp" | "text";

interface FileColumn {
  readonly name: string;
  readonly type: FileType;
  readonly kind: Column["kind"];
  readonly index: number;
}

const parquetTypes = {
  double: "DOUBLE",
  int64: "INT64",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
  text: "STRING",
} as const;

const arrowTypes = {
  double: () => new Float64(),
  int64: () => new Int64(),
  boolean: () => new Bool(),
  timestamp: () => new TimestampMillisecond(),
  text: () => new Utf8(),
} as const;

/** Rows as an Apache Parquet file, compressed with Snappy. */
export async function writeParquet(source: Source, order: Uint32Array, pace: Pace): Promise<Uint8Array> {
  const columns = await fileColumns(source, order, pace);
  const columnData = (rows: Uint32Array) =>
    columns.map((column) => ({
      name: column.name,
      data: read(source, rows, column),
      type: parquetTypes[column.type],
      nullable: true,
    }));
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: columnData(order.subarray(0, 0)) });
  const file = new ParquetWriter({ writer, schema, createdBy: "Assay" });
  for (let first = 0; first < order.length; first += batch) {
    file.write({
      columnData: columnData(order.subarray(first, first + batch)).map(({ name, data }) => ({ name, data })),
      rowGroupSize: batch,
    });
    if (pace.due) await pace.rest();
  }
  file.finish();
  return new Uint8Array(writer.getBuffer());
}

/** Rows as an Arrow IPC file (Feather 2). */
export async function writeArrow(source: Source, order: Uint32Array, pace: Pace): Promise<Uint8Array> {
  const columns = await fileColumns(source, order, pace);
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, arrowTypes[type](), true)));
  const batches: RecordBatch[] = [];
  for (let first = 0; first === 0 || first < order.length; first += batch) {
    const rows = order.subarray(first, first + batch);
    const children = columns.map(
      (column) => vectorFromArray(read(source, rows, column), arrowTypes[column.type]()).data[0]!,
    );
    const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
    batches.push(new RecordBatch(schema, data));
    if (pace.due) await pace.rest();
  }
  return tableToIPC(new Table(schema, batches), "file");
}

/** The values of some rows, as the writers take them. */
function read(
  source: Source,
  rows: Uint32Array,
  { index, type, kind }: FileColumn,
): (string | number | boolean | bigint | Date | null)[] {
  return Array.from(rows, (row) => {
    const value = source.value(row, index);
    if (value === null) return null;
    if (type === "timestamp") return new Date(value as number);
    if (type === "int64") return BigInt(value as number | bigint);
    return type === "text" ? fullText(value, kind) : value;
  });
}

/** Looks through each column for a type that holds all of its values; one that mixes types becomes text, so that nothing is lost. */
async function fileColumns(source: Source, order: Uint32Array, pace: Pace): Promise<FileColumn[]> {
  const names = uniqueNames(source.columns);
  const columns: FileColumn[] = [];
  for (const [index, { kind, whole }] of source.columns.entries()) {
    let type: FileType | undefined;
    for (let place = 0; place < order.length && type !== "text"; place++) {
      const own = typeOf(source.value(order[place]!, index), kind, whole);
      if (own !== undefined) type = type === undefined || type === own ? own : "text";
      if (place % stride === 0 && pace.due) await pace.rest();
    }
    columns.push({ name: names[index]!, type: type ?? "text", kind, index });
  }
  return columns;
}

function typeOf(value: Value, kind: Column["kind"], whole: boolean): FileType | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") return kind === "date" ? "timestamp" : whole ? "int64" : "double";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? "int64" : "text";
  return "text";
}

/** Column names of which no two are alike: files need that. */
function uniqueNames(columns: readonly Column[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let own = name;
    for (let n = 2; taken.has(own); n++) own = `${name} ${n}`;
    taken.add(own);
    return own;
  });
}
