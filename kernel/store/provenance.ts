import type { RecordDatabase } from "./database.ts";
import { type BuiltDataset, itemRow } from "./item-groups.ts";
import type { ParticipantRow, Rows } from "./rows.ts";

export type ItemRow = Rows["items"];
export type DatasetRow = Rows["datasets"];

/** What the records tell of some content. */
export type Known =
  | { readonly kind: "dataset"; readonly dataset: DatasetRow; readonly bytes: number | undefined }
  /** Made by an execution; `sources` are the hashes of what it was made from. */
  | { readonly kind: "made"; readonly made: ParticipantRow; readonly sources: readonly string[] }
  | { readonly kind: "item"; readonly item: ItemRow }
  /** Shown, and derived from something, but not what an execution names as its result. */
  | { readonly kind: "derived"; readonly sources: readonly string[] }
  /** Read by an execution; nobody made it. */
  | { readonly kind: "used"; readonly used: ParticipantRow };

/** Reads where content comes from, as of one execution: what was made later does not count. */
export interface Provenance {
  known(sha256: string): Known | undefined;
  /** What an execution says that content was made from. */
  sourcesIn(sha256: string, executionId: string): string[];
  /** The item at a position of a data set. */
  itemAt(dataset: BuiltDataset, position: number): ItemRow | undefined;
  /** Items of a data set that executions made, by hash: pictures that a model made, for example. */
  madeItemsOf(dataset: BuiltDataset, limit: number): string[];
}

/** Opens the provenance of content as of an execution. */
export function openProvenance(database: RecordDatabase, upTo: string): Provenance {
  const participant = database.prepare<[string, string, string], ParticipantRow>(
    "select * from participants where sha256 = ? and direction = ? and execution_id <= ? order by execution_id desc limit 1",
  );
  const datasetRow = database.prepare<[string, string], DatasetRow>(
    "select * from datasets where sha256 = ? and execution_id <= ? order by execution_id desc limit 1",
  );
  const item = database.prepare<{ item: string; at: string }, ItemRow>(
    `select i.* from (select @item as item) d join items i on i.id = ${itemRow}`,
  );
  const placed = database.prepare<{ dataset: string; at: string; position: number }, ItemRow>(
    `select i.* from dataset_items d join items i on i.id = ${itemRow} where d.dataset = @dataset and d.position = @position`,
  );
  const derived = database
    .prepare<[string, string], string>("select source from derivations where result = ? and execution_id = ?")
    .pluck();
  const deriving = database
    .prepare<[string, string], string | null>(
      "select max(execution_id) from derivations where result = ? and execution_id <= ?",
    )
    .pluck();
  const madeItems = database
    .prepare<{ dataset: string; at: string; limit: number }, string>(
      `select d.item from dataset_items d where d.dataset = @dataset and exists (select 1 from participants p
         where p.sha256 = d.item and p.direction = 'produced' and p.execution_id <= @at) limit @limit`,
    )
    .pluck();
  const sourcesIn = (sha256: string, executionId: string) =>
    derived.all(sha256, executionId).filter((source) => source !== sha256);

  return {
    sourcesIn,
    known(sha256) {
      const made = participant.get(sha256, "produced", upTo);
      const dataset = datasetRow.get(sha256, upTo);
      if (dataset) return { kind: "dataset", dataset, bytes: made?.bytes };
      if (made) return { kind: "made", made, sources: sourcesIn(sha256, made.execution_id) };
      const collected = item.get({ item: sha256, at: upTo });
      if (collected) return { kind: "item", item: collected };
      const by = deriving.get(sha256, upTo);
      if (by != null) return { kind: "derived", sources: sourcesIn(sha256, by) };
      const used = participant.get(sha256, "used", upTo);
      return used && { kind: "used", used };
    },
    itemAt: ({ sha256: dataset, execution_id: at }, position) => placed.get({ dataset, at, position }),
    madeItemsOf: ({ sha256: dataset, execution_id: at }, limit) => madeItems.all({ dataset, at, limit }),
  };
}
