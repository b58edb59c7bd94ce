import assert from "node:assert/strict";
import { test } from "node:test";
import { startLineage } from "../../../kernel/session/lineage.ts";

test("an execution depends on the last writers of the names that it reads", () => {
  const lineage = startLineage();
  assert.deepEqual(lineage.enter("a", { reads: ["console"], writes: ["x"] }), []);
  assert.deepEqual(lineage.enter("b", { reads: [], writes: ["y"] }), []);
  assert.deepEqual(lineage.enter("c", { reads: ["y", "x"], writes: ["z"] }), ["a", "b"]);
  assert.deepEqual(lineage.enter("a again", { reads: [], writes: ["x"] }), []);
  assert.deepEqual(lineage.enter("d", { reads: ["x", "z"], writes: [] }), ["c", "a again"]);
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
