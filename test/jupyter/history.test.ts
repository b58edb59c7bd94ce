import assert from "node:assert/strict";
import { test } from "node:test";
import { installJupyter } from "../support/jupyter/install.ts";
import { runScript } from "../support/jupyter/python.ts";
import { temporaryFolder } from "../support/temporary.ts";

type Entry = [session: number, line: number, input: string | [string, string | null]];
interface Seen {
  readonly kernel: string;
  readonly questions: readonly unknown[];
  readonly answers: readonly (readonly Entry[])[];
  readonly outputs: readonly Entry[];
}

test("history over several sessions is that of IPython", async (t) => {
  using jupyter = await installJupyter();
  const folder = temporaryFolder(t);
  const seen = new Map<string, Seen>();
  for await (const line of runScript("history.py", { kernels: ["assay", "python3"], folder }, jupyter.env))
    seen.set((line as Seen).kernel, line as Seen);
  const [ours, theirs] = [seen.get("assay"), seen.get("python3")];
  assert.ok(ours && theirs);
  assert.equal(ours.answers.length, 18);
  for (const [at, question] of ours.questions.entries())
    assert.deepEqual(ours.answers[at], theirs.answers[at], JSON.stringify(question));
  assert.deepEqual(ours.answers[2]?.at(0), [1, 1, "'needle one'"]);
  assert.equal(ours.answers[2]?.length, 12);
  // IPython keeps no results unless it is told to; the records have them.
  assert.deepEqual(ours.outputs, [
    [1, 1, ["'needle one'", "'needle one'"]],
    [1, 2, ["6 * 7", "42"]],
    [1, 3, ["(1,\n2)", "2"]],
    [1, 4, ["nobody_knows_this", null]],
    [3, 3, ["20 + 1", "21"]],
  ]);
});
