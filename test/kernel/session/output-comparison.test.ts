import assert from "node:assert/strict";
import { test } from "node:test";
import { compareOutputs, isWithin } from "../../../kernel/session/output-comparison.ts";

const stream = (text: string) => ({ type: "stream", name: "stdout", text }) as const;
const result = (data: Record<string, unknown>) => ({ type: "result", data }) as const;

test("outputs that are the same bits are so, however the streams were cut", () => {
  const verdicts = compareOutputs(
    [stream("a"), stream("b\n"), result({ "text/plain": "1" })],
    [stream("ab\n"), result({ "text/plain": "1" })],
    0,
  );
  assert.deepEqual(verdicts, [
    { name: "stdout", verdict: "bit-identical" },
    { name: "1 text/plain", verdict: "bit-identical" },
  ]);
});

test("a missing, an added and a lost output are different", () => {
  const one = result({ "text/plain": "1" });
  for (const [a, b] of [
    [[one], []],
    [[], [one]],
    [[undefined], [one]],
  ] as const) {
    assert.deepEqual(
      compareOutputs(a, b, 1).map(({ verdict }) => verdict),
      ["different"],
    );
  }
});

test("numbers may differ within the tolerance, nothing else may", () => {
  const verdict = (a: unknown, b: unknown, tolerance: number) =>
    compareOutputs([result({ "text/plain": a })], [result({ "text/plain": b })], tolerance)[0]?.verdict;
  assert.equal(verdict("kid 0.5000001", "kid 0.5000002", 0), "different");
  assert.equal(verdict("kid 0.5000001", "kid 0.5000002", 1e-6), "within tolerance");
  assert.equal(verdict("kid 0.5", "kid 0.6", 1e-6), "different");
  assert.equal(verdict("kid 0.5", "fid 0.5", 1), "different");
  assert.equal(verdict({ a: [1000000, "x"] }, { a: [1000001, "x"] }, 1e-5), "within tolerance");
  assert.equal(verdict({ a: 1 }, { a: 1, b: 2 }, 1), "different");
});

test("hashes, embedded bytes and media are compared bit by bit", () => {
  const [a, b] = [`${"1".repeat(63)}1`, `${"1".repeat(63)}2`];
  assert.equal(isWithin(a, b, 1e-3), false);
  assert.equal(isWithin("data:image/png;base64,AAAA 1", "data:image/png;base64,AAAA 1.0000001", 1e-3), false);
  assert.deepEqual(
    compareOutputs([result({ "image/png": "1000000" })], [result({ "image/png": "1000001" })], 1e-3).map(
      ({ verdict }) => verdict,
    ),
    ["different"],
  );
});

test("numbers: relative above 1, absolute below, and names with digits are no numbers", () => {
  assert.equal(isWithin(1e9, 1e9 + 100, 1e-6), true);
  assert.equal(isWithin(1e-9, 2e-9, 1e-6), true);
  assert.equal(isWithin(Number.NaN, Number.NaN, 1e-6), true);
  assert.equal(isWithin("v1.0000001", "v1.0000002", 1e-3), false);
});
