import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setFlagsFromString, writeHeapSnapshot } from "node:v8";
import { runInNewContext } from "node:vm";

/*
 * Loaded into the processes of a kernel before anything else: on SIGUSR2 a process collects its garbage and writes what memory it
 * holds into ASSAY_PROBE, under its own process id.
 */
const folder = process.env.ASSAY_PROBE;
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as (options: { type: string; execution: string; flavor: string }) => void;
let count = 0;

if (folder)
  process.on("SIGUSR2", async () => {
    count++;
    // As when memory gets short: the engine's caches of compiled code go too. Finalizers run between the collections.
    for (let round = 0; round < 4; round++) {
      gc({ type: "major", execution: "sync", flavor: "last-resort" });
      await new Promise((done) => setTimeout(done, 20));
    }
    const name = join(folder, `${process.pid}-${count}`);
    if (process.env.ASSAY_PROBE_SNAPSHOTS)
      writeHeapSnapshot(join(process.env.ASSAY_PROBE_SNAPSHOTS, `${process.pid}-${count}.heapsnapshot`));
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    writeFileSync(`${name}.part`, JSON.stringify({ rss, heapTotal, heapUsed, external }));
    renameSync(`${name}.part`, `${name}.json`);
  });
