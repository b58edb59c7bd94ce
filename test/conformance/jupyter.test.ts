import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { installJupyter } from "../support/jupyter/install.ts";
import { runScript } from "../support/jupyter/python.ts";
import { type Case, caseFiles, judge, type Observation, readCases } from "./judge.ts";
import { makeWorkspace } from "./workspace.ts";

interface Observed {
  readonly id: string;
  readonly observations: readonly (Observation & { readonly timed_out: boolean; readonly int_ms: number | null })[];
}

/**
 * Every case through the Jupyter protocol, driven by Debian's jupyter_client, each in a kernel of its own. The compiler is asked in those that
 * are about it.
 */
const jupyter = await installJupyter();
after(() => jupyter[Symbol.dispose]());

const files = caseFiles.map((name) => {
  const { cases, fixtures } = readCases(name);
  const workspace = makeWorkspace(fixtures);
  after(() => workspace[Symbol.dispose]());
  return { name, cases, folder: workspace.folder };
});
const seen = observe(files);

for (const { name, cases } of files)
  describe(`cells through Jupyter, ${name}`, () => {
    for (const one of cases)
      test(`${one.id}: ${one.why}`, async () => {
        const observations = await seen.get(one.id);
        assert.ok(observations, "the driver ended before this case");
        for (const { timed_out } of observations) assert.ok(!timed_out, "the cell took too long");
        assert.deepEqual(judge(one, observations), []);
      });
  });

/** What each case shows, as soon as it is known; nothing when the driver fails before. Two kernels run at a time. */
function observe(
  all: readonly { readonly cases: readonly Case[]; readonly folder: string }[],
): ReadonlyMap<string, Promise<Observed["observations"] | undefined>> {
  const pending = new Map(
    all.flatMap(({ cases }) =>
      cases.map(({ id }) => [id, Promise.withResolvers<Observed["observations"] | undefined>()] as const),
    ),
  );
  const drive = async (half: number) => {
    for (const { cases, folder } of all) {
      const own = cases.filter((_, at) => at % 2 === half);
      for await (const line of runScript("run_cases.py", { kernel: "assay", folder, cases: own }, jupyter.env)) {
        const { id, observations } = line as Observed;
        pending.get(id)?.resolve(observations.map((one) => ({ ...one, interrupted: one.int_ms !== null })));
      }
    }
  };
  void Promise.allSettled([drive(0), drive(1)]).then((ends) => {
    for (const end of ends) if (end.status === "rejected") console.error(end.reason);
    for (const { resolve } of pending.values()) resolve(undefined);
  });
  return new Map([...pending].map(([id, { promise }]) => [id, promise]));
}
