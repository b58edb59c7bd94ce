// Lists and searches over a synthetic store of 100,000 records: what a person waits for after a click in the Experiments view, and what a record costs.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openForReading } from "../../kernel/store/database.ts";
import { recordMethods } from "../../kernel/store/record-methods.ts";
import { fillStore } from "../support/synthetic-store.ts";

const records = Number(process.argv[2] ?? 100_000);
const store = mkdtempSync(join(tmpdir(), "assay-records-bench-"));
const ask = (name: string, query: object) => (recordMethods[`records/${name}`] as (params: object) => unknown)(query);

try {
  const began = performance.now();
  fillStore(store, { records, notebooks: 4, days: 60 });
  const filled = performance.now() - began;
  console.log(
    `${records} synthetic records written in ${(filled / 1000).toFixed(1)} s, ${((filled / records) * 1000).toFixed(0)} µs each`,
  );
  console.log(`${(statSync(join(store, "records.sqlite")).size / 1e6).toFixed(0)} MB in the database`);
  const database = openForReading(store)!;
  const index = database.prepare("select sum(pgsize) from dbstat where name like 'search%'").pluck().get() as number;
  database.close();
  console.log(`${(index / 1e6).toFixed(0)} MB of them are the search`);

  const place = { from: store, store };
  const notebookId = "synthetic-1";
  const days = ask("days", { ...place, notebookId }) as { since: string; until: string }[];
  const { items } = ask("list", { ...place, limit: 200 }) as { items: { executionId: string }[] };
  const middle = days[days.length >> 1]!;
  const cases: [string, string, object][] = [
    ["notebooks", "notebooks", {}],
    ["notebooks with errors", "notebooks", { status: "error" }],
    ["days of a notebook", "days", { notebookId }],
    ["days of a notebook, one mode", "days", { notebookId, mode: "full_dataset" }],
    ["records of a day", "list", { notebookId, since: middle.since, until: middle.until, limit: 200 }],
    ["newest 200", "list", { limit: 200 }],
    ["next 200", "list", { limit: 200, before: items.at(-1)!.executionId }],
    ["errors, newest 200", "list", { status: "error", limit: 200 }],
    ["search: a word in all", "list", { text: "picture", limit: 200 }],
    ["search: two frequent words", "list", { text: "torus night", limit: 200 }],
    ["search: a word in 0.1 %", "list", { text: "zeppelin", limit: 200 }],
    ["search: a word in none", "list", { text: "submarine", limit: 200 }],
    ["search: a short word", "list", { text: "ze", limit: 200 }],
    ["search: by the end of an id", "list", { text: items[100]!.executionId.slice(-8), limit: 200 }],
  ];
  for (const [what, method, query] of cases) {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      ask(method, { ...place, ...query });
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`${what.padEnd(34)} ${times[3]!.toFixed(1).padStart(8)} ms (slowest of 7: ${times[6]!.toFixed(1)} ms)`);
  }
} finally {
  rmSync(store, { recursive: true, force: true });
}
