import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import { Engine, encodeModel, graphBuilder, type Model, toWire } from "../../../../kernel/sdk/onnx/index.ts";
import { bool, float32, full, int64, Random, type Tensor } from "../../../../kernel/sdk/tensor/index.ts";
import { recorded } from "../../../support/recorded-context.ts";

const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

function double(): Model {
  const g = graphBuilder();
  g.output("y", g.op("Mul", [g.input("x", "float32", ["n", 2]), 2]), "float32", ["n", 2]);
  return g.build();
}

/** A model whose run takes long enough to be interrupted. */
function slow(): Model {
  const g = graphBuilder();
  let x = g.input("x", "float32", [512, 512]);
  for (let i = 0; i < 30; i++) x = g.op("MatMul", [x, x]);
  g.output("y", x, "float32", [512, 512]);
  return g.build();
}

test("runs a model in memory, from bytes and with chosen outputs; the caller's arrays stay its own", async () => {
  await using session = await engine.load(double(), { name: "double" });
  const x = float32([1, 2, 3, 4], [2, 2]);
  const { y } = await session.run({ x });
  assert.deepEqual(
    [y!.dims, y!.toNumbers()],
    [
      [2, 2],
      [2, 4, 6, 8],
    ],
  );
  assert.deepEqual(x.toNumbers(), [1, 2, 3, 4]);
  assert.deepEqual(session.inputs, [{ name: "x", dtype: "float32", dims: ["n", 2] }]);
  assert.deepEqual(Object.keys(await session.run({ x }, { outputs: ["y"] })), ["y"]);
});

test("every element type passes through unchanged", async () => {
  const tensors: Record<string, Tensor> = {
    half: full([2], 0.5, "float16"),
    whole: int64([-(2n ** 40n), 3]),
    flag: bool([true, false]),
    byte: full([2], 7, "uint8"),
    real: full([2], 0.1, "float64"),
  };
  for (const [name, tensor] of Object.entries(tensors)) {
    const g = graphBuilder();
    g.output("y", g.op("Identity", [g.input("x", tensor.dtype, [2])]), tensor.dtype, [2]);
    await using session = await engine.load(g.build(), { name });
    const { y } = await session.run({ x: tensor });
    assert.deepEqual([y!.dtype, y!.data], [tensor.dtype, tensor.data]);
  }
});

test("problems name the model, the input, its shape and the remedy", async () => {
  await using session = await engine.load(double(), { name: "double" });
  const rejects = (feeds: Record<string, Tensor>, pattern: RegExp) =>
    assert.rejects(
      session.run(feeds),
      (error) => error instanceof AssayError && error.code === "engine.input" && pattern.test(error.message),
    );
  await rejects({}, /double, input x: the input is missing/);
  await rejects({ x: float32([1, 2, 3], [1, 3]) }, /takes the shape \[n,2\], not \[1,3\]/);
  await rejects({ x: int64([1, 2], [1, 2]) }, /takes float32, not int64/);
  await rejects({ x: float32([1, 2], [1, 2]), z: float32([1]) }, /input z: there is no such input; it has x/);
  await assert.rejects(
    engine.load(new Uint8Array([1, 2, 3]), { name: "rubbish" }),
    (error) => error instanceof AssayError && error.code === "engine.load" && error.input === "rubbish",
  );
  const g = graphBuilder();
  g.output("y", g.op("Reshape", [g.input("x", "float32", ["n"]), g.ints(-1, 4)]), "float32", [null, 4]);
  await using reshape = await engine.load(g.build(), { name: "reshape" });
  await assert.rejects(
    reshape.run({ x: float32([1, 2, 3]) }),
    (error) => error instanceof AssayError && error.code === "engine.run" && /x float32\[3\]/.test(error.message),
  );
});

test("an abort settles at once, during a run and before it; later runs are right", async () => {
  await using long = await engine.load(slow(), { name: "slow" });
  await using session = await engine.load(double(), { name: "double" });
  const x = new Random(1).normalTensor([512, 512], 0.01);
  const controller = new AbortController();
  const [first, second] = [
    long.run({ x }, { signal: controller.signal }),
    long.run({ x }, { signal: controller.signal }),
  ];
  const order: string[] = [];
  const after = session.run({ x: float32([1, 2], [1, 2]) }).then(({ y }) => {
    order.push("later run");
    return y!.toNumbers();
  });
  setImmediate(() => controller.abort(new Error("stopped")));
  await assert.rejects(first, /stopped/);
  await assert.rejects(second, /stopped/);
  order.push("aborted");
  assert.deepEqual(await after, [2, 4]);
  assert.deepEqual(order, ["aborted", "later run"]);
});

test("the interrupt of a cell ends its requests without being told, and leaves nothing behind in the engine", async (t) => {
  await using long = await engine.load(slow(), { name: "slow" });
  const x = new Random(1).normalTensor([512, 512], 0.01);
  const cell = new AbortController();
  const bytes = encodeModel(double());
  const load = (session: number) =>
    engine.request({ kind: "load", session, model: bytes, externalData: [], options: {} });
  const isThere = (session: number) =>
    engine.request({ kind: "run", session, feeds: toWire({ x: float32([1, 2], [1, 2]) }), outputs: undefined });
  const ended: string[] = [];
  await recorded(
    t,
    async () => {
      const requests = [
        load(1001),
        long.run({ x }),
        long.run({ x }, { signal: new AbortController().signal }),
        load(1002),
        engine.load(double()),
      ];
      for (const one of requests) one.catch((error: Error) => ended.push(error.message));
      // Within the same turn of the loop: none of them can have been answered.
      cell.abort(new Error("stopped"));
      await Promise.allSettled(requests);
      await assert.rejects(long.run({ x }), /stopped/);
      await engine.request({ kind: "release", session: 1003 });
    },
    { signal: cell.signal },
  );
  assert.deepEqual(ended, Array(5).fill("stopped"));
  for (const session of [1001, 1002]) await assert.rejects(isThere(session), /the model was released/);
});

test("the event loop turns while a model runs", async () => {
  await using long = await engine.load(slow(), { name: "slow" });
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await long.run({ x: new Random(1).normalTensor([512, 512], 0.01) });
  clearInterval(timer);
  assert.ok(turns > 3, `${turns} turns`);
});

test("an idle engine does not keep the process alive", () => {
  const code = `
    import { Engine, graphBuilder } from "./kernel/sdk/onnx/index.ts";
    import { float32 } from "./kernel/sdk/tensor/index.ts";
    const g = graphBuilder();
    g.output("y", g.op("Neg", [g.input("x", "float32", [1])]), "float32", [1]);
    const session = await new Engine().load(g.build());
    console.log((await session.run({ x: float32([3]) })).y.toNumbers()[0]);`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", timeout: 30_000 });
  assert.deepEqual([run.status, run.signal, run.stdout.trim()], [0, null, "-3"], run.stderr);
});

test("a closed engine rejects what was waiting, and a released model says so", async () => {
  const own = new Engine({ threads: 1 });
  const session = await own.load(double(), { name: "double" });
  await session[Symbol.asyncDispose]();
  await assert.rejects(session.run({ x: float32([1, 2], [1, 2]) }), /double: .*the model was released/);
  const long = await own.load(slow(), { name: "slow" });
  const running = long.run({ x: new Random(1).normalTensor([512, 512], 0.01) });
  const closing = own[Symbol.asyncDispose]();
  await assert.rejects(running, /the engine was closed/);
  await closing;
});

test("a process that exits during a run exits cleanly", () => {
  const code = `
    import { Engine, graphBuilder } from "./kernel/sdk/onnx/index.ts";
    import { zeros } from "./kernel/sdk/tensor/index.ts";
    const g = graphBuilder();
    let x = g.input("x", "float32", [512, 512]);
    for (let i = 0; i < 30; i++) x = g.op("MatMul", [x, x]);
    g.output("y", x, "float32", [512, 512]);
    const session = await new Engine().load(g.build());
    session.run({ x: zeros([512, 512]) });
    setTimeout(() => process.exit(7), 30);`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", timeout: 30_000 });
  assert.deepEqual([run.status, run.signal, run.stderr], [7, null, ""]);
});
