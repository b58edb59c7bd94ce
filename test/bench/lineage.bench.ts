// The lineage of a record in a store of 100,000 records and a data set of 100,000 items: what a person waits for after a click on a record, and what it
// costs to say whether an output breaks its mode.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComplianceJudge } from "../../kernel/session/compliance-judge.ts";
import { LatestEntries } from "../../kernel/session/latest-entries.ts";
import { openRecorder } from "../../kernel/session/recorder.ts";
import { openArtifacts } from "../../kernel/store/artifacts.ts";
import { hashOf } from "../../kernel/store/canonical.ts";
import { openForReading } from "../../kernel/store/database.ts";
import { listDatasets } from "../../kernel/store/dataset-queries.ts";
import { readLineage } from "../../kernel/store/lineage.ts";
import { startOf } from "../support/records.ts";
import { fillStore } from "../support/synthetic-store.ts";

const size = Number(process.argv[2] ?? 100_000);
const store = mkdtempSync(join(tmpdir(), "assay-lineage-bench-"));
const classes = ["public_domain", "creative_commons", "fair_use_research", "copyrighted", "unknown"] as const;
const model = {
  role: "model",
  name: "tiny-scenes",
  sha256: hashOf("model"),
  bytes: 1e7,
  licenceClass: "public_domain",
} as const;

try {
  fillStore(store, { records: size, notebooks: 4, days: 60, end: new Date(Date.now() - 60_000) });
  const recorder = openRecorder({
    ...{
      storeFolder: store,
      notebook: { id: "bench", path: join(store, "bench.ipynb") },
      sessionId: "bench",
      snapshot: false,
    },
  });
  const run = (what: string, during: (id: string) => void) => {
    const start = performance.now();
    const id = recorder.begin(startOf(what, { mode: "full_dataset" }));
    during(id);
    recorder.seal(id, { status: "ok" });
    recorder.flush();
    console.log(`${what.padEnd(52)} ${(performance.now() - start).toFixed(0).padStart(7)} ms`);
    return id;
  };
  const items = Array.from({ length: size }, (_, index) => hashOf(`item ${index}`));
  run(`recorded: ${size} items collected`, (id) => {
    for (const [index, sha256] of items.entries()) {
      const licenceClass = classes[index % 5]!;
      const licence = { licenceClass, id: null, name: licenceClass, flags: {}, conflict: false, reason: "as measured" };
      const optOuts =
        index % 50 === 0
          ? [{ signal: "noai", decision: "prohibited", detail: "noai", evidence: { source: `${index}` } }]
          : [];
      const detail = {
        title: `Item ${index}`,
        author: `Author ${index % 900}`,
        bytes: 4000,
        licence,
        optOuts,
        evidence: [],
        marks: [],
      };
      recorder.event(id, { type: "item", sha256, name: `corpus/${index}.jpg`, licenceClass, detail });
    }
  });
  const dataset = hashOf("data set");
  const built = run(`recorded: a data set of ${size} items`, (id) => {
    const about = { name: "everything", mode: "full_dataset", policyVersion: "assay-policy-1", excluded: 0 } as const;
    recorder.event(id, { type: "dataset", sha256: dataset, ...about, items, licenceClass: "unknown" });
    recorder.event(id, {
      type: "produced",
      what: { role: "dataset", name: "everything", sha256: dataset, bytes: 1 },
      from: items,
    });
  });
  const lora = { role: "lora", name: "style", sha256: hashOf("lora"), bytes: 1e5, licenceClass: "unknown" } as const;
  run("recorded: a LoRA", (id) => {
    recorder.event(id, { type: "used", what: model });
    recorder.event(id, { type: "produced", what: lora, from: [model.sha256, dataset] });
  });
  const generated = run("recorded: 1,000 pictures with it", (id) => {
    recorder.event(id, { type: "used", what: model });
    recorder.event(id, { type: "used", what: lora });
    for (let n = 0; n < 1000; n++) {
      const what = { role: "output", name: `picture ${n}`, sha256: hashOf(`picture ${n}`), bytes: 4000 } as const;
      recorder.event(id, { type: "produced", what, from: [model.sha256, lora.sha256] });
    }
  });
  const shown = run("recorded: they are shown in another cell", (id) => {
    const what = Array.from({ length: 1000 }, (_, n) => ({ sha256: hashOf(`picture ${n}`) }));
    recorder.event(id, { type: "shown", what });
  });
  await recorder.close();

  const database = openForReading(store)!;
  const artifacts = openArtifacts(store);
  const judge = () =>
    new ComplianceJudge([database], artifacts, {
      mode: "open_source_only",
      upTo: shown,
      datasets: new LatestEntries(1),
    }).offencesOf(hashOf("picture 7"));
  const cases: [string, () => unknown][] = [
    ["lineage: the data set", () => readLineage(database, built)],
    ["lineage: 1,000 pictures from it, over a LoRA", () => readLineage(database, generated)],
    ["lineage: the cell that shows them", () => readLineage(database, shown)],
    ["judged: one picture, in a mode that is narrower", judge],
    ["data sets with their classes", () => listDatasets(database)],
  ];
  for (const [what, body] of cases) {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      body();
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`${what.padEnd(52)} ${times[3]!.toFixed(1).padStart(7)} ms (slowest of 7: ${times[6]!.toFixed(1)} ms)`);
  }
  database.close();
} finally {
  rmSync(store, { recursive: true, force: true });
}
