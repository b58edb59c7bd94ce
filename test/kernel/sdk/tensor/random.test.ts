import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Random } from "../../../../kernel/sdk/tensor/index.ts";

/** xoshiro128** with whole numbers of any size, straight from the algorithm's description. */
function* reference(seed: string): Generator<number> {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const hash = createHash("sha256").update(seed).digest();
  const s = [0, 4, 8, 12].map((at) => BigInt(hash.readUInt32LE(at)));
  s[3]! |= 1n;
  for (;;) {
    yield Number((rotate((s[1]! * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1]! << 9n) & mask;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11n);
  }
}

test("the words are xoshiro128**'s", () => {
  for (const seed of ["", "unet/1", "0"]) {
    const [random, expected] = [new Random(seed), reference(seed)];
    for (let i = 0; i < 1000; i++) assert.equal(random.uint32(), expected.next().value, `word ${i} of seed ${seed}`);
  }
});

test("equal seeds give equal numbers, and a fork depends on seed and label alone", () => {
  const draw = (random: Random) => [random.uniform(), random.normal(), random.int(10)];
  assert.deepEqual(draw(new Random(7)), draw(new Random("7")));
  assert.notDeepEqual(draw(new Random(7)), draw(new Random(8)));
  const used = new Random(7);
  draw(used);
  assert.deepEqual(draw(used.fork("noise")), draw(new Random(7).fork("noise")));
  assert.notDeepEqual(draw(used.fork("noise")), draw(used.fork("times")));
});

test("a saved state goes on with the next number, the second normal of a pair included", () => {
  const random = new Random("x");
  random.normal();
  const again = Random.from(JSON.parse(JSON.stringify(random.state())));
  assert.deepEqual(
    [random.normal(), random.uniform(), random.normal()],
    [again.normal(), again.uniform(), again.normal()],
  );
});

test("uniforms, normals and integers have the moments they should", () => {
  const random = new Random("moments");
  const n = 200_000;
  const moments = (draw: () => number) => {
    const values = Float64Array.from({ length: n }, draw);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    return {
      mean,
      deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / n),
      kurtosis: values.reduce((a, b) => a + (b - mean) ** 4, 0) / n,
    };
  };
  const near = (actual: number, expected: number, within: number) =>
    assert.ok(Math.abs(actual - expected) < within, `${actual}, not ${expected}`);
  const uniform = moments(() => random.uniform());
  near(uniform.mean, 0.5, 0.004);
  near(uniform.deviation, Math.sqrt(1 / 12), 0.004);
  const normal = moments(() => random.normal());
  near(normal.mean, 0, 0.012);
  near(normal.deviation, 1, 0.012);
  near(normal.kurtosis, 3, 0.1);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < n; i++) counts[random.int(7)]!++;
  for (const count of counts) near(count, n / 7, 900);
  assert.throws(() => random.int(0), RangeError);
});

test("a shuffle keeps the items and reaches every order", () => {
  const random = new Random("shuffle");
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle([1, 2, 3]).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  assert.deepEqual([...seen.keys()].sort(), ["123", "132", "213", "231", "312", "321"]);
  for (const count of seen.values()) assert.ok(Math.abs(count - 1000) < 150, `${count}`);
});
