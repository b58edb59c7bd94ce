import { type DataType, type Table, Type, tableToIPC } from "apache-arrow";
import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type TableOutput, tableOutput } from "../../protocol/outputs.ts";
import { MediaBudget } from "./media-budget.ts";
import { tableBundle } from "./table.ts";

/** Rows that the fallbacks show. */
const fallbackRows = 100;

/** An Apache Arrow table: the whole of it as Arrow IPC for the renderer, its first rows for every other front end. */
export function arrowBundle(value: object): MimeBundle {
  const table = value as Table;
  const fields = table.schema.fields;
  const columns = fields.map(({ name, type }) => ({ name, kind: columnKind(type) }));
  const arrow = new MediaBudget().place(tableToIPC(table, "stream"), "application/vnd.apache.arrow.stream");
  const first = Array.from({ length: Math.min(table.numRows, fallbackRows) }, (_, row) =>
    Object.fromEntries(fields.map(({ name }) => [name, table.getChild(name)?.get(row) as unknown])),
  );
  const fallback = tableBundle(first, { columns: fields.map(({ name }) => name), total: table.numRows });
  return {
    ...fallback,
    [assayMime("table")]: tableOutput.parse({ columns, arrow, total: table.numRows } satisfies TableOutput),
  };
}

function columnKind({ typeId }: DataType): TableOutput["columns"][number]["kind"] {
  switch (typeId) {
    case Type.Int:
    case Type.Float:
    case Type.Decimal:
      return "number";
    case Type.Bool:
      return "boolean";
    case Type.Date:
    case Type.Timestamp:
      return "date";
    case Type.List:
    case Type.Struct:
    case Type.Map:
    case Type.FixedSizeList:
    case Type.Union:
      return "json";
    default:
      return "text";
  }
}
