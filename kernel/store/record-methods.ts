import type { RecordMethods, StorePlace } from "../protocol/record-methods.ts";
import { openArtifacts } from "./artifacts.ts";
import { openForReading } from "./database.ts";
import { listDatasetItems, listDatasets } from "./dataset-queries.ts";
import { exportRecords } from "./export.ts";
import { findStore } from "./location.ts";
import { listDays, listNotebooks } from "./notebook-queries.ts";
import { storeProblem } from "./problems.ts";
import { findExecution, listExecutions } from "./queries.ts";
import { readRecord } from "./record-reader.ts";
import { excerptFinder } from "./search.ts";

type Handlers = {
  readonly [Name in keyof RecordMethods]: (
    params: RecordMethods[Name]["params"],
  ) => RecordMethods[Name]["result"] | Promise<RecordMethods[Name]["result"]>;
};

/** Characters of a source that a list carries. */
const sourceInList = 400;

const place = ({ from, store, workspace }: StorePlace) => findStore({ from, chosen: store, workspace });

/** Each question opens the store anew, so that a store that is made, moved or deleted meanwhile is seen as it is. */
const handlers: Handlers = {
  list(query) {
    const folder = place(query);
    using store = reading(folder);
    if (!store.database) return { folder, items: [], more: false };
    const { limit } = query;
    const found = listExecutions(store.database, { ...query, limit: limit + 1 }).reverse();
    const excerpt = query.text ? excerptFinder(store.database, query.text) : () => undefined;
    const items = found.slice(0, limit).map((one) => ({
      ...one,
      source: one.source.slice(0, sourceInList),
      excerpt: excerpt(one.executionId),
    }));
    return { folder, items, more: found.length > limit };
  },
  notebooks(query) {
    using store = reading(place(query));
    return store.database ? listNotebooks(store.database, query) : [];
  },
  days(query) {
    using store = reading(place(query));
    return store.database ? listDays(store.database, query.notebookId, query) : [];
  },
  show(query) {
    const folder = place(query);
    using store = reading(folder);
    if (!store.database) throw storeProblem.noRecord(query.id, folder);
    return readRecord(store.database, openArtifacts(folder), findExecution(store.database, query.id, folder));
  },
  async export(query) {
    const folder = place(query);
    using store = reading(folder);
    if (!store.database) throw storeProblem.noRecord(query.id, folder);
    const { records, artifacts, missing } = await exportRecords({
      database: store.database,
      artifacts: openArtifacts(folder),
      ids: [findExecution(store.database, query.id, folder)],
      closure: true,
      out: query.out,
      replace: true,
    });
    return { records: records.length, artifacts: artifacts.length, missing: missing.length };
  },
  datasets(query) {
    using store = reading(place(query));
    return store.database ? listDatasets(store.database) : [];
  },
  datasetItems(query) {
    using store = reading(place(query));
    return store.database ? listDatasetItems(store.database, query) : [];
  },
};

/** Handlers by full name, `records/<name>`. */
export const recordMethods: Readonly<Record<string, (params: never) => unknown>> = Object.fromEntries(
  Object.entries(handlers).map(([name, handle]) => [`records/${name}`, handle]),
);

function reading(folder: string) {
  const database = openForReading(folder);
  return { database, [Symbol.dispose]: () => database?.close() };
}
