import type { LicenceClass } from "../protocol/compliance.ts";
import type { DatasetItem, DatasetItemQuery, DatasetSummary } from "../protocol/record-methods.ts";
import type { RecordDatabase } from "./database.ts";
import { itemGroupsOf, itemRow } from "./item-groups.ts";
import type { ItemGroupRow } from "./rows.ts";

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

/** The data sets of a store, the newest first, each content once. */
export function listDatasets(database: RecordDatabase): DatasetSummary[] {
  const rows = database
    .prepare<[], DatasetRow>(
      `select * from datasets where (sha256, execution_id) in
         (select sha256, max(execution_id) from datasets group by sha256) order by execution_id desc, name`,
    )
    .all();
  return rows.map((row) => ({
    sha256: row.sha256,
    name: row.name,
    mode: row.mode,
    policyVersion: row.policy_version,
    size: row.size,
    excluded: row.excluded,
    licenceClass: row.licence_class,
    executionId: row.execution_id,
    classes: classesOf(itemGroupsOf(database, row)),
  }));
}

/** How many items each licence class has, the commonest first. */
function classesOf(groups: readonly ItemGroupRow[]): DatasetSummary["classes"] {
  const counts = Map.groupBy(groups, ({ licence_class }) => licence_class as LicenceClass);
  return [...counts]
    .map(([licenceClass, some]) => ({ licenceClass, items: some.reduce((sum, { items }) => sum + items, 0) }))
    .sort((a, b) => b.items - a.items);
}

/** Items of a data set in its own order. */
export function listDatasetItems(database: RecordDatabase, query: DatasetItemQuery): DatasetItem[] {
  const { dataset, licenceClass = null, offset, limit } = query;
  const at = database
    .prepare<[string], string | null>("select max(execution_id) from datasets where sha256 = ?")
    .pluck()
    .get(dataset);
  return database
    .prepare<Record<string, unknown>, ItemRow>(
      `select i.sha256, i.name, i.licence_class, i.licence, i.detail from dataset_items d join items i on i.id = ${itemRow}
         where d.dataset = @dataset and (@licenceClass is null or i.licence_class = @licenceClass)
         order by d.position limit @limit offset @offset`,
    )
    .all({ dataset, at: at ?? "", licenceClass, offset, limit })
    .map((row) => ({
      sha256: row.sha256,
      name: row.name,
      licenceClass: row.licence_class,
      licence: row.licence,
      detail: JSON.parse(row.detail) as Record<string, unknown>,
    }));
}
