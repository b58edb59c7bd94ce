import assert from "node:assert/strict";
import { test } from "node:test";
import { startLineage } from "../../../kernel/session/lineage.ts";

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
  assert.deepEqual(lineage.enter("call", { reads: ["size"], writes: [] }), ["declare", "define", "push"]);
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
  assert.deepEqual(lineage.enter("d", { reads: ["z"], writes: [] }), ["opaque", "c"]);
  assert.deepEqual(lineage.enter("opaque 2", undefined), ["opaque", "c", "d"]);
});
