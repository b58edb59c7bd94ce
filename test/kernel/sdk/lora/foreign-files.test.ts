import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadLora, mergeLoras, readSafetensors } from "../../../../kernel/sdk/lora/index.ts";
import { Engine, graphBuilder, type Model } from "../../../../kernel/sdk/onnx/index.ts";
import { float32, type Tensor } from "../../../../kernel/sdk/tensor/index.ts";

const path = (name: string) => fileURLToPath(new URL(`../../../fixtures/lora/${name}.safetensors`, import.meta.url));
const { tensors: torch } = readSafetensors(readFileSync(path("torch")), "torch.safetensors");
const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

/** The three layers of the fixture as exporters write them: Conv, MatMul with a transposed weight of its own name, Gemm. */
function layers(): Model {
  const g = graphBuilder({ opset: 18 });
  const weight = (name: string) => torch.get(`weight.${name}`)!;
  const picture = g.input("picture", "float32", ["batch", 4, 5, 5]);
  const tokens = g.input("tokens", "float32", ["batch", 3, 4]);
  const vector = g.input("vector", "float32", ["batch", 4]);
  const conv = g.scope("down_blocks.0/attentions.0/proj_in", () => {
    const w = g.parameter("weight", weight("down_blocks.0.attentions.0.proj_in"));
    return g.op("Conv", [picture, w], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  });
  const linear = g.scope("mid_block/attentions.0/transformer_blocks.0/attn1/to_q", () => {
    return g.op("MatMul", [tokens, transpose(weight("mid_block.attentions.0.transformer_blocks.0.attn1.to_q"))]);
  });
  const gemm = g.scope("time_embedding/linear_1", () => {
    return g.op("Gemm", [vector, g.parameter("weight", weight("time_embedding.linear_1"))], { transB: 1 });
  });
  g.output("y.picture", conv);
  g.output("y.tokens", linear);
  g.output("y.vector", gemm);
  return g.build();
}

function transpose(tensor: Tensor): Tensor {
  const [rows, columns] = tensor.dims as [number, number];
  const from = tensor.toFloat32().data;
  return float32(
    Float32Array.from(from, (_, i) => from[(i % rows) * columns + Math.floor(i / rows)]!),
    [columns, rows],
  );
}

async function check(model: Model, expected: string): Promise<void> {
  await using session = await engine.load(model);
  const parts = ["picture", "tokens", "vector"];
  const outputs = await session.run(Object.fromEntries(parts.map((part) => [part, torch.get(`input.${part}`)!])));
  for (const part of parts) {
    const [actual, wanted] = [outputs[`y.${part}`]!.toNumbers(), torch.get(`${expected}.${part}`)!.toNumbers()];
    const distance = Math.max(...actual.map((value, i) => Math.abs(value - wanted[i]!)));
    assert.ok(distance < 1e-4, `${expected}.${part} is off by ${distance}`);
  }
}

test("half-precision files under three conventions change the layers as PyTorch computes it", async () => {
  await check(layers(), "plain");
  for (const [name, expected] of [
    ["diffusers", "unit"],
    ["peft", "unit"],
    ["kohya", "alpha"],
  ] as const) {
    const lora = loadLora(path(name));
    assert.equal(lora.layers.length, 3);
    assert.equal(lora.licenceClass, "unknown");
    const { model, unmatched } = mergeLoras(layers(), [{ lora, weight: 1 }]);
    assert.equal(unmatched.size, 0);
    await check(model, expected);
  }
  await check(mergeLoras(layers(), [{ lora: loadLora(path("peft")), weight: -0.7 }]).model, "weighted");
});

test("a declared licence class fills a gap only, and must be one", () => {
  assert.equal(loadLora(path("peft"), { licenceClass: "creative_commons" }).licenceClass, "creative_commons");
  assert.throws(() => loadLora(path("peft"), { licenceClass: "free" as "unknown" }), /licenceClass free/);
  assert.throws(() => loadLora("nowhere.safetensors"), { code: "lora.unreadable" });
});
