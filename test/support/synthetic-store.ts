import { openDatabase } from "../../kernel/store/database.ts";
import { uuidv7 } from "../../kernel/store/ids.ts";
import { ownIdentity } from "../../kernel/store/liveness.ts";
import { inserter } from "../../kernel/store/rows.ts";
import { searchWriter } from "../../kernel/store/search.ts";

const subjects = ["a red cube", "a blue torus", "a yellow cone", "a green sphere"];
const places = ["on sand ground", "under a night sky", "in a hall of mirrors", "beside the sea"];
const modes = ["open_source_only", "research_safe", "full_dataset"] as const;

/** What a synthetic store is made of. */
export interface SyntheticStore {
  readonly records: number;
  readonly notebooks?: number;
  readonly days?: number;
  /** When the newest record began. */
  readonly end?: Date;
  /** Folder in which the notebooks are said to lie. */
  readonly folder?: string;
}

/**
 * Fills a store with made-up records, so that lists and searches can be measured on a size that nobody waits for: cells that generate an image of a
 * prompt, on several notebooks and days, some failed. Every thousandth prompt holds the word "zeppelin". Call it once per process and before other
 * records are made, because ids grow with time.
 */
export function fillStore(storeFolder: string, options: SyntheticStore): void {
  const { records, notebooks = 5, days = 40, end = new Date(), folder = "/synthetic" } = options;
  const database = openDatabase(storeFolder);
  const insert = inserter(database);
  const updateSearch = searchWriter(database);
  const { host, boot, pid, pidSpace, processStarted } = ownIdentity();
  const start = end.getTime() - days * 86_400_000;
  const write = database.transaction(() => {
    for (let n = 0; n < notebooks; n++) {
      const at = new Date(start).toISOString();
      insert("sessions", {
        ...{
          id: `session-${n}`,
          notebook_id: `synthetic-${n}`,
          notebook_path: `${folder}/study-${n}.ipynb`,
          host,
          boot,
          pid,
        },
        ...{ pid_space: pidSpace, process_started: processStarted, environment: null },
        ...{ started_at: at, seen_at: at, ended_at: end.toISOString() },
      });
    }
    for (let i = 0; i < records; i++) {
      const time = start + Math.round(((end.getTime() - start) * i) / records);
      const id = uuidv7(time);
      const n = i % notebooks;
      const rare = i % 1000 === 0 ? " with a zeppelin" : "";
      const prompt = `${subjects[i % subjects.length]} ${places[(i >> 2) % places.length]}${rare}, picture ${i}`;
      const failed = i % 17 === 0;
      insert("executions", {
        ...{ id, session_id: `session-${n}`, notebook_id: `synthetic-${n}`, cell_id: `cell-${i % 30}` },
        ...{ cell_index: (i % 30) + 1, epoch: 1, execution_count: i + 1, parameters: "{}", seed: i % 8 },
        source: `const images${i} = await generate.image({\n  prompts: [prompt], seed: ${i % 8}, steps: 20,\n});\ndisplay.images(images${i});`,
        ...{ mode: modes[i % 3]!, policy_version: "1", environment: null, peak_memory: null, tags: "[]" },
        ...{ started_at: new Date(time).toISOString(), ended_at: new Date(time + 700).toISOString(), duration: 700 },
        ...{ status: failed ? "error" : "ok", detail: null, names: null, upstream: "[]", output_hashes: "[]" },
        content_id: id.replaceAll("-", "").padEnd(64, "0"),
      });
      insert("participants", {
        ...{ execution_id: id, position: 0, late: 0, direction: "produced", role: "output", name: `image-${i}.png` },
        ...{ sha256: id.replaceAll("-", "").padStart(64, "0"), bytes: 4096, mime: "image/png", licence_class: null },
        facts: JSON.stringify({ prompt, seed: i % 8, model: "tiny-scenes" }),
      });
      updateSearch(id);
    }
  });
  write();
  database.close();
}
