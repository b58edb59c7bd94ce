import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { memoryRoom } from "../../../kernel/session/memory-limits.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const machine = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    600 kB\n";

for (const [version, files] of [
  [
    "2",
    {
      "proc/self/cgroup": "0::/a/b\n",
      "cgroup/a/memory.max": "512000",
      "cgroup/a/memory.current": "400000",
      "cgroup/a/memory.stat": "anon 1\ninactive_file 100000\n",
      "cgroup/a/b/memory.max": "max",
    },
  ],
  [
    "1",
    {
      "proc/self/cgroup": "9:cpu:/\n4:memory:/a\n",
      "cgroup/memory/a/memory.limit_in_bytes": "512000",
      "cgroup/memory/a/memory.usage_in_bytes": "400000",
      "cgroup/memory/a/memory.stat": "cache 1\ntotal_inactive_file 100000\n",
    },
  ],
] as const)
  test(`the limit of a control group of version ${version} counts, without what the system can drop`, (t) => {
    const folder = temporaryFolder(t);
    for (const [path, text] of Object.entries({ "proc/meminfo": machine, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const room = memoryRoom({ proc: join(folder, "proc"), cgroup: join(folder, "cgroup") });
    assert.deepEqual(room(), { total: 512_000, available: 212_000, of: "container" });
  });

test("without a control group the machine's memory counts, and nothing is claimed where it is not told", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "proc"));
  assert.equal(memoryRoom({ proc: join(folder, "proc"), cgroup: folder })(), undefined);
  writeFileSync(join(folder, "proc/meminfo"), machine);
  const room = memoryRoom({ proc: join(folder, "proc"), cgroup: folder });
  assert.deepEqual(room(), { total: 1_024_000, available: 614_400, of: "machine" });
});
