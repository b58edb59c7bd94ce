import type { LicenceClass } from "../protocol/compliance.ts";
import type { DatasetItem, DatasetItemQuery, DatasetSummary } from "../protocol/record-methods.ts";
import type { RecordDatabase } from "./database.ts";

interface DatasetRow {
  readonly sha256: string;
  readonly name: string;
  readonly mode: DatasetSummary["mode"];
  readonly policy_version: string;
  readonly size: number;
  readonly excluded: number;
  readonly licence_class: LicenceClass;
  readonly execution_id: string;
}

interface ItemRow {
  readonly sha256: string;
  readonly name: string;
  readonly licence_class: LicenceClass;
  readonly licence: string | null;
  readonly detail: string;
}

/** The item rows of a data set: of an item that was collected more than once, the one of its data set's time is the latest. */
const itemsOf = `from dataset_items d join items i on i.id = (select max(id) from items where sha256 = d.item)
  where d.dataset = @dataset`;

/** The data sets of a store, the newest first, each content once. */
export function listDatasets(database: RecordDatabase): DatasetSummary[] {
  const rows = database
    .prepare<[], DatasetRow>(
      `select * from datasets where (sha256, execution_id) in
         (select sha256, max(execution_id) from datasets group by sha256) order by execution_id desc, name`,
    )
    .all();
  const classes = database.prepare<{ dataset: string }, { licence_class: LicenceClass; items: number }>(
    `select i.licence_class, count(*) as items ${itemsOf} group by i.licence_class order by items desc`,
  );
  return rows.map((row) => ({
    sha256: row.sha256,
    name: row.name,
    mode: row.mode,
    policyVersion: row.policy_version,
    size: row.size,
    excluded: row.excluded,
    licenceClass: row.licence_class,
    executionId: row.execution_id,
    classes: classes.all({ dataset: row.sha256 }).map((one) => ({ licenceClass: one.licence_class, items: one.items })),
  }));
}

/** Items of a data set in its own order. */
export function listDatasetItems(database: RecordDatabase, query: DatasetItemQuery): DatasetItem[] {
  const { dataset, licenceClass = null, offset, limit } = query;
  return database
    .prepare<Record<string, unknown>, ItemRow>(
      `select i.sha256, i.name, i.licence_class, i.licence, i.detail ${itemsOf}
         and (@licenceClass is null or i.licence_class = @licenceClass) order by d.position limit @limit offset @offset`,
    )
    .all({ dataset, licenceClass, offset, limit })
    .map((row) => ({
      sha256: row.sha256,
      name: row.name,
      licenceClass: row.licence_class,
      licence: row.licence,
      detail: JSON.parse(row.detail) as Record<string, unknown>,
    }));
}
