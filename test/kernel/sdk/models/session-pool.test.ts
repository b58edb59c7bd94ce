import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SessionPool } from "../../../../kernel/sdk/models/index.ts";
import { Engine, graphBuilder } from "../../../../kernel/sdk/onnx/index.ts";
import { float32 } from "../../../../kernel/sdk/tensor/index.ts";

const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

function plus(value: number) {
  const g = graphBuilder();
  const x = g.input("x", "float32", ["n"]);
  g.output("y", g.op("Add", [x, value]));
  return () => engine.load(g.build());
}

const compute = (pool: SessionPool, key: string, bytes: number, value: number) =>
  pool.use(key, bytes, plus(value), async (session) => (await session.run({ x: float32([1]) })).y!.toNumbers()[0]);

test("networks stay open within the budget; what was used longest ago is closed first", async () => {
  const pool = new SessionPool(100);
  assert.equal(await compute(pool, "a", 40, 1), 2);
  assert.equal(await compute(pool, "b", 40, 2), 3);
  // An open network answers, whatever would be opened now.
  assert.equal(await compute(pool, "a", 40, 9), 2);
  assert.equal(await compute(pool, "c", 40, 3), 4);
  assert.deepEqual(pool.keys, ["a", "c"]);
  assert.equal(await compute(pool, "b", 40, 5), 6);
});

test("a network in use is not closed, however large the others are", async () => {
  const pool = new SessionPool(10);
  const result = await pool.use("a", 8, plus(1), async (session) => {
    await compute(pool, "b", 8, 2);
    return (await session.run({ x: float32([1]) })).y!.toNumbers()[0];
  });
  assert.equal(result, 2);
});

test("a network that cannot be opened is tried again", async () => {
  const pool = new SessionPool(10);
  const fail = () => Promise.reject(new Error("broken"));
  await assert.rejects(
    pool.use("a", 1, fail, async () => 0),
    /broken/,
  );
  assert.equal(await compute(pool, "a", 1, 1), 2);
});

test("who listens hears of every network that is opened or closed", async () => {
  const told: string[][] = [];
  const pool = new SessionPool(100, (open) =>
    told.push(open.map(({ model, part, bytes }) => `${model} ${part} ${bytes}`)),
  );
  const run = (key: string, bytes: number, part: string) =>
    pool.use(key, bytes, plus(1), async () => {}, { model: "tiny", part });
  await run("a", 60, "unet");
  await run("a", 60, "unet");
  await run("b", 60, "text encoder");
  assert.deepEqual(told, [["tiny unet 60"], ["tiny text encoder 60"]]);
});
