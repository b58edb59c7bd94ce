import assert from "node:assert/strict";
import { test } from "node:test";
import { randomKey, randomStream } from "../../../kernel/cells/determinism.ts";

function take(key: string, count: number): number[] {
  const next = randomStream(key);
  return Array.from({ length: count }, next);
}

test("the same seed, cell and parameters give the same numbers, any other does not", () => {
  const key = randomKey(7, "cell", { a: 1, b: 2 });
  assert.deepEqual(take(key, 5), take(randomKey(7, "cell", { b: 2, a: 1 }), 5));
  for (const other of [
    randomKey(8, "cell", { a: 1, b: 2 }),
    randomKey(7, "cell-2", { a: 1, b: 2 }),
    randomKey(7, "cell", { a: 1 }),
  ])
    assert.notDeepEqual(take(key, 5), take(other, 5));
});

test("the numbers are uniform in [0, 1)", () => {
  const numbers = take(randomKey(0, "x", {}), 100_000);
  const bins = new Array<number>(20).fill(0);
  for (const one of numbers) {
    assert.ok(one >= 0 && one < 1);
    bins[Math.floor(one * 20)]!++;
  }
  // Chi-square with 19 degrees of freedom: 43.8 is passed once in a thousand.
  const chi = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  assert.ok(chi < 43.8, `chi-square ${chi}`);
});
