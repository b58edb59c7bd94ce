import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lineage, startLineage } from "../../../kernel/session/lineage.ts";
import type { CellNames } from "../../../kernel/session/record-writing.ts";

test("an execution depends on the last writers of the names that it reads, and of those that these read", () => {
  const lineage = startLineage();
  assert.deepEqual(lineage.enter("a", { reads: ["console"], writes: ["x"] }), []);
  assert.deepEqual(lineage.enter("b", { reads: [], writes: ["y"] }), []);
  assert.deepEqual(lineage.enter("c", { reads: ["y"], writes: ["z"] }), ["b"]);
  assert.deepEqual(lineage.enter("b again", { reads: [], writes: ["y"] }), []);
  assert.deepEqual(lineage.enter("d", { reads: ["z"], writes: [] }), ["c", "b again"]);
  assert.deepEqual(lineage.enter("e", { reads: ["x"], writes: [] }), ["a"]);
});

test("a function sees what was written later into the names that it uses", () => {
  const lineage = startLineage();
  lineage.enter("declare", { reads: [], writes: ["list", "count"] });
  lineage.enter("define", { reads: ["list"], writes: ["size"] });
  lineage.enter("push", { reads: ["list"], writes: ["list"] });
  assert.deepEqual(lineage.enter("call", { reads: ["size"], writes: [] }), ["define", "push"]);
});

test("a change through another name of the same object counts", () => {
  const lineage = startLineage();
  lineage.enter("alias", { reads: [], writes: ["object", "part"] });
  lineage.enter("change", { reads: ["part"], writes: ["part"] });
  assert.deepEqual(lineage.enter("show", { reads: ["object"], writes: [] }), ["alias", "change"]);
  lineage.enter("change the whole", { reads: ["object"], writes: ["object"] });
  lineage.enter("change again", { reads: ["part"], writes: ["part"] });
  assert.deepEqual(lineage.enter("show again", { reads: ["object"], writes: [] }), [
    "change the whole",
    "change again",
  ]);
});

test("an execution that sets a name anew does not depend on its own earlier run", () => {
  const lineage = startLineage();
  lineage.enter("declare", { reads: [], writes: ["best", "score"] });
  assert.deepEqual(lineage.enter("set", { reads: ["score"], writes: ["best"] }), ["declare"]);
  assert.deepEqual(lineage.enter("set again", { reads: ["score"], writes: ["best"] }), ["declare"]);
});

test("an execution that changes a name in place depends on its former writer, and later readers on it", () => {
  const lineage = startLineage();
  lineage.enter("list", { reads: [], writes: ["list"] });
  assert.deepEqual(lineage.enter("push", { reads: ["list"], writes: ["list"] }), ["list"]);
  assert.deepEqual(lineage.enter("push again", { reads: ["list"], writes: ["list"] }), ["push"]);
});

test("an execution whose names are not known depends on all before it, and all after it on that one", () => {
  const lineage = startLineage();
  lineage.enter("a", { reads: [], writes: ["x"] });
  lineage.enter("b", { reads: [], writes: ["y"] });
  assert.deepEqual(lineage.enter("opaque", undefined), ["a", "b"]);
  assert.deepEqual(lineage.enter("c", { reads: ["x"], writes: ["z"] }), ["opaque"]);
  assert.deepEqual(lineage.enter("d", { reads: ["z"], writes: [] }), ["c"]);
  assert.deepEqual(lineage.enter("opaque 2", undefined), ["d"]);
});

test("what is depended on directly leads to all that is within reach", () => {
  const random = numbersFrom(7);
  for (let round = 0; round < 300; round++) {
    const lineage = startLineage();
    const plain = plainLineage();
    const parents = new Map<string, string[]>();
    const below = (id: string, found = new Set<string>()): Set<string> => {
      for (const parent of parents.get(id) ?? []) if (!found.has(parent)) below(parent, found.add(parent));
      return found;
    };
    for (let at = 0; at < 25; at++) {
      const some = (most: number) => Array.from({ length: random(most + 1) }, () => `name ${random(8)}`);
      const names = random(20) === 0 ? undefined : { reads: some(3), writes: some(2) };
      const id = `execution ${at}`;
      parents.set(id, lineage.enter(id, names));
      assert.deepEqual([...below(id)].sort(), plain.enter(id, names).sort());
    }
  }
});

test("a long chain keeps one dependency for each execution", () => {
  const lineage = startLineage();
  lineage.enter("0", { reads: [], writes: ["name 0"] });
  for (let at = 1; at < 5000; at++) {
    const names = { reads: [`name ${at - 1}`], writes: [`name ${at}`] };
    assert.deepEqual(lineage.enter(`${at}`, names), [`${at - 1}`]);
  }
});

test("an execution whose names are not known depends on each of thousands that no other depends on", () => {
  const lineage = startLineage();
  lineage.enter("early", { reads: [], writes: ["x"] });
  lineage.enter("alone", { reads: [], writes: ["y"] });
  const expected = ["alone"];
  for (let at = 0; at < 3000; at++) {
    const names = at % 3 === 0 ? { reads: [], writes: [`name ${at % 7}`] } : { reads: ["console"], writes: [] };
    assert.deepEqual(lineage.enter(`${at} of many`, names), []);
    expected.push(`${at} of many`);
  }
  assert.deepEqual(lineage.enter("late", { reads: ["x"], writes: [] }), ["early"]);
  assert.deepEqual(lineage.enter("opaque", undefined), [...expected, "late"]);
  assert.deepEqual(lineage.enter("opaque again", undefined), ["opaque"]);
});

/** The rule as it is written down, without regard to cost: lists all that is within reach. */
function plainLineage(): Lineage {
  const all: string[] = [];
  const whole = new Map<string, Set<string>>();
  const writers = new Map<string, string>();
  const namesOf = new Map<string, Set<string>>();
  let opaque: string | undefined;
  const reached = ({ reads, writes }: CellNames) => {
    const found = new Set<string>();
    const seen = new Set(reads);
    for (const name of seen) {
      const writer = writes.includes(name) && !reads.includes(name) ? undefined : writers.get(name);
      if (writer === undefined) continue;
      for (const one of [writer, ...(whole.get(writer) ?? [])]) found.add(one);
      for (const one of namesOf.get(writer) ?? []) seen.add(one);
    }
    return { found, seen };
  };
  return {
    enter(id, names) {
      if (!names) {
        const before = [...all];
        all.push(id);
        writers.clear();
        whole.set(id, new Set(before));
        opaque = id;
        return before;
      }
      const { found, seen } = reached(names);
      if (opaque !== undefined) for (const one of [opaque, ...(whole.get(opaque) ?? [])]) found.add(one);
      all.push(id);
      whole.set(id, found);
      namesOf.set(id, new Set([...seen, ...names.writes]));
      for (const name of names.writes) writers.set(name, id);
      return [...found];
    },
  };
}

/** Whole numbers below a limit, the same in every run. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}
