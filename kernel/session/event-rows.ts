import type { RecordEvent } from "../protocol/cell-context.ts";
import { contentHash } from "../store/canonical.ts";
import type { RecordDatabase } from "../store/database.ts";
import { countItemGroups } from "../store/item-groups.ts";
import type { Insert } from "../store/rows.ts";

/** Turns one event of an execution into its rows. */
export type WriteEvent = (executionId: string, event: RecordEvent, late: boolean) => void;

/** Makes the function that writes events into a database. Call it inside a transaction. */
export function eventWriter(database: RecordDatabase, insert: Insert): WriteEvent {
  const counters = {
    participants: counter(database, "participants"),
    trainings: counter(database, "trainings"),
    metrics: counter(database, "metrics"),
  };
  const hasItems = database.prepare("select 1 from dataset_items where dataset = ? limit 1");

  const derive = (executionId: string, result: string, sources: readonly string[]) => {
    for (const source of sources) insert("derivations", { result, source, execution_id: executionId }, "ignore");
  };

  return (executionId, event, late) => {
    const execution_id = executionId;
    switch (event.type) {
      case "used":
      case "produced": {
        const { what } = event;
        const facts = event.facts ? JSON.stringify(event.facts) : null;
        insert("participants", {
          execution_id,
          position: counters.participants(executionId),
          late: late ? 1 : 0,
          direction: event.type,
          role: what.role,
          name: what.name,
          sha256: what.sha256,
          bytes: what.bytes,
          mime: what.mime ?? null,
          licence_class: what.licenceClass ?? null,
          facts,
        });
        // What a data set was made from is told by its items.
        if (event.type === "produced" && what.role !== "dataset") derive(executionId, what.sha256, event.from ?? []);
        return;
      }
      case "shown":
        for (const { sha256, from = [] } of event.what) {
          insert("shown", { execution_id, sha256 }, "ignore");
          derive(executionId, sha256, from);
        }
        return;
      case "item": {
        const { sha256, name, licenceClass, licence = null, detail } = event;
        const id = contentHash([sha256, name, licenceClass, licence, detail]);
        insert(
          "items",
          { id, sha256, name, licence_class: licenceClass, licence, detail: JSON.stringify(detail) },
          "ignore",
        );
        insert("execution_items", { execution_id, item_id: id }, "ignore");
        return;
      }
      case "dataset": {
        const { sha256, name, mode, policyVersion, items, excluded, licenceClass } = event;
        insert(
          "datasets",
          {
            execution_id,
            sha256,
            name,
            mode,
            policy_version: policyVersion,
            size: items.length,
            excluded,
            licence_class: licenceClass,
          },
          "replace",
        );
        if (hasItems.get(sha256)) return;
        for (const [position, item] of items.entries()) insert("dataset_items", { dataset: sha256, position, item });
        for (const group of countItemGroups(database, { sha256, execution_id })) insert("item_groups", group);
        return;
      }
      case "training": {
        const { name, base, dataset, steps, result, losses, licenceClass, facts } = event;
        insert("trainings", {
          execution_id,
          position: counters.trainings(executionId),
          name,
          base,
          dataset,
          steps,
          result,
          losses: JSON.stringify(losses),
          licence_class: licenceClass,
          facts: JSON.stringify(facts),
        });
        derive(executionId, result, [base, dataset]);
        return;
      }
      case "metric":
        insert("metrics", {
          execution_id,
          position: counters.metrics(executionId),
          name: event.name,
          value: Number.isNaN(event.value) ? null : event.value,
          facts: JSON.stringify(event.facts ?? {}),
        });
        return;
      case "param":
        insert("params", { execution_id, name: event.name, value: JSON.stringify(event.value) ?? "null" }, "replace");
        return;
      case "response": {
        const { request, occurrence, status, body } = event;
        const { sha256, bytes, mime } = body;
        insert("responses", { execution_id, request, occurrence, status, sha256, bytes, mime }, "replace");
      }
    }
  };
}

/** Gives the next free position of an execution in a table. */
function counter(database: RecordDatabase, table: string): (executionId: string) => number {
  const statement = database
    .prepare<[string], number>(`select coalesce(max(position), -1) + 1 from ${table} where execution_id = ?`)
    .pluck();
  return (executionId) => statement.get(executionId) ?? 0;
}
