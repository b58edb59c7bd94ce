import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { replayCommand } from "../../../kernel/cli/replay.ts";
import { replay } from "../../../kernel/session/replay.ts";
import { Session } from "../../../kernel/session/session.ts";
import { openArtifacts } from "../../../kernel/store/artifacts.ts";
import { openForReading } from "../../../kernel/store/database.ts";
import { listExecutions } from "../../../kernel/store/queries.ts";
import { readExecution } from "../../../kernel/store/record-reader.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function run(folder: string, sources: readonly string[]): Promise<string[]> {
  const path = join(folder, "study.ipynb");
  await using session = new Session({
    notebook: { path, id: "replayed", mode: "open_source_only", seed: 3, store: join(folder, ".assay") },
  });
  await session.start();
  const ids: string[] = [];
  for (const [at, source] of sources.entries()) {
    ids.push((await session.execute({ id: `cell-${at}`, index: at + 1, source })).executionId);
  }
  return ids;
}

test("a replay runs what came before, says of each whether it came out the same, and names the first that did not", async (t) => {
  const folder = temporaryFolder(t);
  const ids = await run(folder, [
    "let count = 0;\nconst list = [Math.random()];",
    "count += 1; list.push(Math.random()); console.log(list.length); list",
    "throw new RangeError('always')",
    "const token = process.hrtime.bigint(); token",
    "String(token).length + list[0]",
  ]);
  const storeFolder = join(folder, ".assay");
  const replayed = await replay({ storeFolder, executionId: ids[4]!, tolerance: 0 });
  assert.deepEqual(
    replayed.map(({ verdict }) => verdict.verdict),
    ["bit-identical", "bit-identical", "bit-identical", "different", "bit-identical"],
  );
  assert.equal(replayed[3]?.verdict.firstDiverging, ids[3]);

  const database = openForReading(storeFolder)!;
  t.after(() => database.close());
  assert.equal(listExecutions(database).length, 5, "a replay adds no records");
  const record = readExecution(database, openArtifacts(storeFolder), ids[3]!);
  assert.equal(record.verdicts.length, 1);
  assert.equal(record.verdicts[0]?.verdict, "different");
  assert.deepEqual(record.verdicts[0]?.outputs, [{ name: "1 text/plain", verdict: "different" }]);
});

test("an execution that did not come to its end cannot be replayed, and the command says why", async (t) => {
  const folder = temporaryFolder(t);
  const [id] = await run(folder, ["process.exit(4)"]);
  let printed = "";
  const command = replayCommand((text) => {
    printed += text;
  });
  await command.parseAsync([id!, "--json", "--store", join(folder, ".assay")], { from: "user" });
  assert.equal(process.exitCode, 3);
  process.exitCode = 0;
  const [verdict] = JSON.parse(printed) as { verdict: string; reason: string }[];
  assert.equal(verdict?.verdict, "cannot run");
  assert.match(verdict.reason, /did not come to its end/);
});
