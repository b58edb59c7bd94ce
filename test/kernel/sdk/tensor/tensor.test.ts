import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bfloatsToFloats,
  bool,
  byteLength,
  float32,
  fromHalf,
  full,
  int64,
  scalar,
  Tensor,
  toHalf,
  viewBytes,
  zeros,
} from "../../../../kernel/sdk/tensor/index.ts";

test("half floats: every one of them survives the way to a number and back", () => {
  for (let half = 0; half < 65536; half++) {
    const value = fromHalf(half);
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromHalf(toHalf(value))));
    else assert.equal(toHalf(value), half, `${half}`);
  }
});

test("half floats: known values, rounding to even, overflow, subnormals", () => {
  const known: [number, number][] = [
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -25, 0x0001],
    [2049, 0x6800],
    [2051, 0x6802],
    [0.1, 0x2e66],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [-0, 0x8000],
  ];
  for (const [value, bits] of known) assert.equal(toHalf(value), bits, `${value}`);
  assert.ok(Object.is(fromHalf(0x8000), -0));
});

test("bfloat16 is the upper half of a float", () => {
  assert.deepEqual([...bfloatsToFloats(Uint16Array.of(0x3f80, 0xc040, 0x7f80))], [1, -3, Number.POSITIVE_INFINITY]);
});

test("a tensor checks its length, reshapes without a copy, converts", () => {
  const x = float32([1, 2, 3, 4, 5, 6], [2, 3]);
  assert.equal(x.size, 6);
  assert.equal(x.reshape([3, 2]).data, x.data);
  assert.throws(() => float32([1, 2], [3]), /shape \[3\] needs 3 elements, not 2/);
  assert.throws(() => x.reshape([4]), RangeError);
  assert.deepEqual(int64([1, 2n]).toFloat32().toNumbers(), [1, 2]);
  assert.deepEqual(bool([true, false]).toFloat32().toNumbers(), [1, 0]);
  assert.deepEqual(float32([1, 2048.6]).toFloat16().toNumbers(), [1, 2048]);
  assert.deepEqual([scalar(3).dims, scalar(3).toNumbers()], [[], [3]]);
  assert.deepEqual(full([2], 5, "int64").data, BigInt64Array.of(5n, 5n));
  assert.deepEqual(full([2], 0.5, "float16").toNumbers(), [0.5, 0.5]);
  assert.throws(() => zeros([2], "int4").toFloat32(), /int4 has no conversion/);
  assert.throws(() => new Tensor("string", [1], ["a"]).toFloat32(), /string has no conversion/);
});

test("elements are loaded once, when they are first asked for", () => {
  let loads = 0;
  const lazy = new Tensor("float32", [2], () => {
    loads++;
    return Float32Array.of(1, 2);
  });
  assert.equal(loads, 0);
  assert.deepEqual([lazy.toNumbers(), lazy.toNumbers(), loads], [[1, 2], [1, 2], 1]);
});

test("packed types count their bytes, and unaligned bytes are read", () => {
  assert.deepEqual(
    [byteLength("int4", 5), byteLength("uint2", 5), byteLength("complex64", 3), byteLength("bool", 3)],
    [3, 2, 24, 3],
  );
  const bytes = new Uint8Array(9);
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
  assert.deepEqual([...viewBytes("float32", bytes.subarray(1))], [1.5, -2]);
  const buffer = Buffer.concat([Buffer.alloc(1), Buffer.from(Float32Array.of(7).buffer)]).subarray(1);
  assert.deepEqual([...viewBytes("float32", buffer)], [7]);
});
