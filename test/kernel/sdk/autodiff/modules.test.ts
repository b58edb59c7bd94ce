import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { differentiate, gradientName } from "../../../../kernel/sdk/autodiff/index.ts";
import { Engine, readModel } from "../../../../kernel/sdk/onnx/index.ts";
import { float32, int64, type Tensor } from "../../../../kernel/sdk/tensor/index.ts";

interface Packed {
  dtype: "float32" | "int64";
  dims: number[];
  data: number[];
}

/** A module that PyTorch exported, with its loss and gradients; see make_modules.py. */
interface Case {
  name: string;
  loss: number;
  feeds: Record<string, Packed>;
  /** Each with the initializers that hold the weight: their gradients add up to it. */
  gradients: (Packed & { of: string[] })[];
}

const fixtures = new URL("../../../fixtures/autodiff/", import.meta.url);
const cases = JSON.parse(readFileSync(new URL("modules.json", fixtures), "utf8")) as Case[];
const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

const unpack = ({ dtype, dims, data }: Packed): Tensor => (dtype === "int64" ? int64(data, dims) : float32(data, dims));

for (const one of cases) {
  test(`${one.name}: every weight's gradient agrees with PyTorch`, async () => {
    const model = readModel(fileURLToPath(new URL(`modules/${one.name}.onnx`, fixtures)));
    const parameters = one.gradients.flatMap(({ of }) => of);
    assert.ok(parameters.length >= 6, "the fixture has weights to check");
    const shapes = Object.fromEntries(Object.entries(one.feeds).map(([name, { dims }]) => [name, dims]));
    const training = await differentiate(model, { loss: "loss", parameters, shapes, engine, name: one.name });
    await using session = await engine.load(training, { name: one.name });
    const feeds = Object.fromEntries(Object.entries(one.feeds).map(([name, packed]) => [name, unpack(packed)]));
    for (const name of parameters) feeds[name] = model.graph.initializers.get(name)!;
    const results = await session.run(feeds);
    assert.ok(Math.abs(results.loss!.toNumbers()[0]! - one.loss) < 1e-5 * Math.max(1, one.loss), "the loss");
    for (const { of, dims, data } of one.gradients) {
      const parts = of.map((name) => results[gradientName(name)]!);
      assert.deepEqual([...parts[0]!.dims], dims, `${of}: shape`);
      const scale = Math.max(1e-3, ...data.map(Math.abs));
      for (const [i, expected] of data.entries()) {
        const actual = parts.reduce((sum, part) => sum + (part.data as Float32Array)[i]!, 0);
        assert.ok(Math.abs(actual - expected) <= 1e-4 * scale, `${of}[${i}]: ${actual} instead of ${expected}`);
      }
    }
  });
}
