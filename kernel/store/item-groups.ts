import type { RecordDatabase } from "./database.ts";
import type { ItemGroupRow, Rows } from "./rows.ts";

/** A data set, as one execution built it. */
export type BuiltDataset = Pick<Rows["datasets"], "sha256" | "execution_id">;

/** So many places are kept of a group, to show some of its items. */
const examplesKept = 50;

/** The row of an item as it was when a data set was built: of an item that was collected more than once, the last collected before. */
export const itemRow = `(select one.id from items one
    left join execution_items x on x.item_id = one.id and x.execution_id <= @at
    where one.sha256 = d.item order by x.execution_id desc, one.id desc limit 1)`;

/** The groups of a data set, the first item's first. Data sets of older stores are counted anew. */
export function itemGroupsOf(database: RecordDatabase, dataset: BuiltDataset): ItemGroupRow[] {
  const kept = database
    .prepare<[string], ItemGroupRow>("select * from item_groups where dataset = ? order by position")
    .all(dataset.sha256);
  return kept.length > 0 ? kept : countItemGroups(database, dataset);
}

/** Counts the items of a data set by standing. Items that the store does not know count as unknown. */
export function countItemGroups(database: RecordDatabase, dataset: BuiltDataset): ItemGroupRow[] {
  const rows = database
    .prepare<{ dataset: string; at: string }, [number, string | null, string | null, string | null]>(
      `select d.position, i.licence_class, i.detail -> '$.licence', i.detail -> '$.optOuts'
         from dataset_items d left join items i on i.id = ${itemRow} where d.dataset = @dataset order by d.position`,
    )
    .raw()
    .iterate({ dataset: dataset.sha256, at: dataset.execution_id });
  const groups = new Map<string, { row: ItemGroupRow; examples: number[] }>();
  for (const [position, licenceClass, licence, optOuts] of rows) {
    const signals = optOuts === null || optOuts === "[]" ? "[]" : withoutEvidence(optOuts);
    const key = `${licenceClass}\n${licence}\n${signals}`;
    const known = groups.get(key);
    if (known) {
      known.row.items++;
      if (known.examples.length < examplesKept) known.examples.push(position);
      continue;
    }
    const row = {
      dataset: dataset.sha256,
      position,
      licence_class: licenceClass ?? "unknown",
      licence,
      opt_outs: signals,
      items: 1,
      examples: "",
    };
    groups.set(key, { row, examples: [position] });
  }
  return [...groups.values()].map(({ row, examples }) => ({ ...row, examples: JSON.stringify(examples) }));
}

/** Where a signal was read differs from item to item and changes nothing of what it says. */
function withoutEvidence(optOuts: string): string {
  const signals = JSON.parse(optOuts) as readonly Readonly<Record<string, unknown>>[];
  return JSON.stringify(signals.map(({ signal, decision, detail }) => ({ signal, decision, detail })));
}
