import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import { Engine, graphBuilder, type Model, readModel } from "../../../../kernel/sdk/onnx/index.ts";
import { float32, Random } from "../../../../kernel/sdk/tensor/index.ts";
import { adamW, createTrainer, meanSquaredError } from "../../../../kernel/sdk/training/index.ts";

interface Curve {
  name: string;
  rate: number;
  clipNorm: number;
  parameters: string[];
  dims: number[];
  x: number[];
  target: number[];
  losses: number[];
}

const fixtures = new URL("../../../fixtures/training/", import.meta.url);
const engine = new Engine({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), "assay-trainer-"));
after(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

for (const one of JSON.parse(readFileSync(new URL("curves.json", fixtures), "utf8")) as Curve[]) {
  test(`${one.name}: 30 steps of AdamW with clipping follow PyTorch's loss`, async () => {
    const model = readModel(fileURLToPath(new URL(`${one.name}.onnx`, fixtures)));
    const { parameters, rate, clipNorm } = one;
    await using trainer = await createTrainer({
      model,
      loss: "loss",
      parameters,
      rate,
      clipNorm,
      optimizer: adamW(),
      engine,
    });
    const feeds = { x: float32(one.x, one.dims), target: float32(one.target, one.dims) };
    for (const [i, expected] of one.losses.entries()) {
      const { loss, step } = await trainer.step(feeds);
      assert.equal(step, i + 1);
      assert.ok(Math.abs(loss - expected) < 5e-6, `step ${i + 1}: ${loss} instead of ${expected}`);
    }
    assert.ok(one.losses[29]! < 0.9 * one.losses[0]!, "the net learns");
  });
}

/** y = x·w + b, and its distance from a target. */
function line(): { model: Model; parameters: readonly string[] } {
  const g = graphBuilder();
  const x = g.input("x", "float32", [4, 3]);
  const target = g.input("target", "float32", [4, 2]);
  const y = g.op("Gemm", [
    x,
    g.parameter("w", new Random("w").normalTensor([3, 2])),
    g.parameter("b", float32([0.1, 0.2])),
  ]);
  g.output("y", y, "float32", [4, 2]);
  g.output("loss", meanSquaredError(g, y, target), "float32", []);
  return { parameters: g.parameters, model: g.build() };
}

const random = new Random("batches");
const batches = Array.from({ length: 12 }, () => ({
  x: random.normalTensor([4, 3]),
  target: random.normalTensor([4, 2]),
}));

async function weights(trainer: Awaited<ReturnType<typeof createTrainer>>, average = false): Promise<number[]> {
  return [...(await trainer.parameters({ average })).values()].flatMap((tensor) => tensor.toNumbers());
}

test("a run that is saved and resumed ends bit for bit where one that never stopped ends", async () => {
  const options = { ...line(), loss: "loss", clipNorm: 1, ema: 0.9, engine };
  await using whole = await createTrainer(options);
  for (const batch of batches) await whole.step(batch);
  const path = join(folder, "state.safetensors");
  {
    await using first = await createTrainer(options);
    for (const batch of batches.slice(0, 5)) await first.step(batch);
    await first.saveState(path, { epoch: 3 });
  }
  await using second = await createTrainer(options);
  assert.deepEqual(await second.loadState(path), { epoch: 3 });
  assert.equal(second.steps, 5);
  for (const batch of batches.slice(5)) await second.step(batch);
  assert.deepEqual(await weights(second), await weights(whole));
  assert.deepEqual(await weights(second, true), await weights(whole, true));
  assert.notDeepEqual(await weights(second, true), await weights(second));
  assert.deepEqual(readdirSync(folder), ["state.safetensors"]);
});

test("a damaged state file is refused, and the run goes on as it was", async () => {
  await using trainer = await createTrainer({ ...line(), loss: "loss", engine });
  const path = join(folder, "damaged");
  await trainer.saveState(path);
  truncateSync(path, 300);
  await assert.rejects(
    trainer.loadState(path),
    (error) => error instanceof AssayError && error.code === "training.state" && error.input === path,
  );
  assert.equal((await trainer.step(batches[0]!)).step, 1);
});

test("accumulated gradients make the step of the whole batch", async () => {
  const options = { ...line(), loss: "loss", engine };
  await using many = await createTrainer({ ...options, accumulate: 4 });
  await using one = await createTrainer(options);
  for (let i = 0; i < 8; i++) {
    const { step, gradientNorm } = await many.step(batches[0]!);
    assert.equal(step, Math.floor((i + 1) / 4));
    assert.equal(Number.isNaN(gradientNorm), i % 4 !== 3);
  }
  for (let i = 0; i < 2; i++) await one.step(batches[0]!);
  for (const [i, value] of (await weights(many)).entries())
    assert.ok(Math.abs(value - (await weights(one))[i]!) < 1e-6);
});

test("the trained model is a new one with the new weights; a pass without a step changes nothing", async () => {
  const { model, parameters } = line();
  await using trainer = await createTrainer({ model, parameters, loss: "loss", engine });
  const before = model.graph.initializers.get("w")!.toNumbers();
  const { y } = await trainer.evaluate(batches[0]!, { outputs: ["y"] });
  assert.deepEqual(
    await weights(trainer),
    parameters.flatMap((name) => model.graph.initializers.get(name)!.toNumbers()),
  );
  const { outputs } = await trainer.step(batches[0]!, { outputs: ["y"] });
  assert.deepEqual(outputs.y!.toNumbers(), y!.toNumbers());
  const trained = await trainer.model();
  assert.deepEqual(model.graph.initializers.get("w")!.toNumbers(), before);
  assert.notDeepEqual(trained.graph.initializers.get("w")!.toNumbers(), before);
});

test("gradients that are not finite stop the run with a problem and change no weight", async () => {
  await using trainer = await createTrainer({ ...line(), loss: "loss", engine, name: "line" });
  const before = await weights(trainer);
  const broken = { x: float32(new Float32Array(12).fill(Number.NaN), [4, 3]), target: batches[0]!.target };
  await assert.rejects(
    trainer.step(broken),
    (error) => error instanceof AssayError && error.code === "training.diverged" && error.input === "line",
  );
  assert.deepEqual(await weights(trainer), before);
});

test("a batch of the wrong shape, a missing input and a weight that is not there are named", async () => {
  const { model, parameters } = line();
  await using trainer = await createTrainer({ model, parameters, loss: "loss", engine, name: "line" });
  const wrong = trainer.step({ x: float32([1, 2, 3], [1, 3]), target: batches[0]!.target });
  await assert.rejects(wrong, /line, input x: it takes the shape \[4,3\], not \[1,3\]/);
  await assert.rejects(trainer.step({ x: batches[0]!.x }), /line, input target: the input is missing/);
  await assert.rejects(
    createTrainer({ model, parameters: ["v"], loss: "loss", engine, name: "line" }),
    /line, parameter v/,
  );
});

test("an aborted step rejects with the reason of the abort", async () => {
  await using trainer = await createTrainer({ ...line(), loss: "loss", engine });
  const controller = new AbortController();
  const stepping = trainer.step(batches[0]!, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(stepping, /enough/);
  await trainer.step(batches[1]!);
});
