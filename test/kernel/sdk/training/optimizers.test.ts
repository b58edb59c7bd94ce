import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { momentCount, update } from "../../../../kernel/sdk/tensor/index.ts";
import { adamW, cosine, holdThenLinear, linear, lion, sgd, warmUp } from "../../../../kernel/sdk/training/index.ts";

interface Case {
  name: string;
  rate: number;
  options: Record<string, number | boolean>;
  start: number[];
  gradients: number[][];
  steps: number[][];
}

const file = new URL("../../../fixtures/training/optimizers.json", import.meta.url);
const makers = { adamw: adamW, sgd, lion };

for (const one of JSON.parse(readFileSync(file, "utf8")) as Case[]) {
  test(`${one.name} follows PyTorch step by step`, () => {
    const make = makers[one.name.split(" ")[0] as keyof typeof makers];
    const { constants } = make(one.options)("weight");
    const values = Float32Array.from(one.start);
    const moments = Array.from({ length: momentCount[constants.kind] }, () => new Float32Array(values.length));
    for (const [i, gradient] of one.gradients.entries()) {
      update(constants, { rate: one.rate, step: i + 1 }, values, Float32Array.from(gradient), moments, 1);
      for (const [at, expected] of one.steps[i]!.entries()) {
        assert.ok(
          Math.abs(values[at]! - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
          `step ${i + 1}, element ${at}: ${values[at]} instead of ${expected}`,
        );
      }
    }
  });
}

test("parameters can be exempt from decay and have their own rate", () => {
  const optimizer = adamW({
    weightDecay: 0.1,
    noDecay: (name) => name.endsWith("bias"),
    rateScale: (name) => (name.includes("up") ? 16 : 1),
  });
  assert.equal(optimizer("a.weight").constants.weightDecay, 0.1);
  assert.equal(optimizer("a.bias").constants.weightDecay, 0);
  assert.equal(optimizer("a.up.weight").rateScale, 16);
});

test("schedules start and end where they say", () => {
  assert.equal(linear(1, 11)(1), 1);
  assert.equal(linear(1, 11)(6), 0.5);
  assert.equal(linear(1, 11)(99), 0);
  assert.equal(cosine(2, 3, 0)(2), 1);
  assert.equal(holdThenLinear(1, 10, 0.5)(5), 1);
  assert.equal(holdThenLinear(1, 10, 0.5)(10), 0);
  assert.equal(warmUp(linear(1, 11), 4)(2), 0.5);
  assert.equal(warmUp(linear(1, 11), 4)(4), 1);
  assert.equal(warmUp(linear(1, 11), 4)(10), 0.5);
});
