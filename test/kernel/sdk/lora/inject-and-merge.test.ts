import assert from "node:assert/strict";
import { after, test } from "node:test";
import { injectedLayers, injectLora } from "../../../../kernel/sdk/lora/inject.ts";
import { loraFromTensors, loraToTensors } from "../../../../kernel/sdk/lora/keys.ts";
import type { Lora } from "../../../../kernel/sdk/lora/lora.ts";
import { mergeLoras } from "../../../../kernel/sdk/lora/merge.ts";
import { weightSites } from "../../../../kernel/sdk/lora/weight-sites.ts";
import { cloneModel, Engine, graphBuilder, type Model, type TensorMap } from "../../../../kernel/sdk/onnx/index.ts";
import { float32, Random, type Tensor, zeros } from "../../../../kernel/sdk/tensor/index.ts";
import { randomUnet, unetFeeds } from "../../../support/random-unet.ts";

const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

const everywhere = [...["to_q", "to_k", "to_v", "to_out.0"], "conv_in", "conv_out", "linear_1"];
const feeds = unetFeeds(1);
const unsealed = { sha256: "", bytes: 0, licenceClass: "unknown" } as const;

async function run(model: Model, inputs: TensorMap = feeds): Promise<Float32Array> {
  await using session = await engine.load(model);
  const outputs = await session.run(inputs);
  return Object.values(outputs)[0]!.data as Float32Array;
}

function distance(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

/** An injection whose up factors are no longer zero, as after training. */
function trained(seed = 5, targets: readonly string[] = everywhere, alpha = 2) {
  const injection = injectLora(randomUnet(), { rank: 4, alpha, targets, seed });
  const values: Record<string, Float32Array> = {};
  for (const name of injection.parameters) {
    const { dims } = injection.model.graph.initializers.get(name)!;
    const tensor = new Random(`${seed}/${name}`).normalTensor(dims, 0.3);
    injection.model.graph.initializers.set(name, tensor);
    values[name] = tensor.data;
  }
  const lora: Lora = {
    name: "trained",
    layers: injectedLayers(injection, values),
    metadata: {},
    unknownKeys: [],
    ...unsealed,
  };
  return { injection, lora };
}

test("every linear layer and convolution of the net is a site with its module path", () => {
  const sites = weightSites(randomUnet());
  assert.deepEqual(
    sites.map(({ path }) => path.replace("down_blocks.0.attentions.0.transformer_blocks.0.", "…")),
    [
      "time_embedding.linear_1",
      "conv_in",
      "…attn1.to_q",
      "…attn1.to_k",
      "…attn1.to_v",
      "…attn1.to_out.0",
      "…attn2.to_q",
      "…attn2.to_k",
      "…attn2.to_v",
      "…attn2.to_out.0",
      "conv_out",
    ], // the products of attention itself are no weights
  );
  assert.equal(sites.find(({ path }) => path.endsWith("attn2.to_k"))!.inputs, 12);
});

test("a fresh LoRA changes nothing, to the bit", async () => {
  const base = randomUnet();
  const { model, parameters } = injectLora(base, { targets: everywhere });
  assert.equal(parameters.length, 2 * 11);
  assert.equal(
    base.graph.nodes.some((node) => node.name.includes("lora")),
    false,
  );
  assert.deepEqual(await run(model), await run(base));
});

test("merged weights do what the branches do", async () => {
  const { injection, lora } = trained();
  const base = await run(randomUnet());
  const branches = await run(injection.model);
  const { model, changed, unmatched } = mergeLoras(randomUnet(), [{ lora, weight: 1 }]);
  assert.equal(changed, 11);
  assert.equal(unmatched.size, 0);
  assert.ok(distance(branches, base) > 0.1, "the LoRA should change something");
  assert.ok(distance(await run(model), branches) < 1e-5);
});

test("weights of LoRAs act linearly, and several add up", async () => {
  const first = trained(5, ["to_q", "to_v"]).lora;
  const second = trained(6, ["to_v", "conv_in"]).lora;
  const both = await run(
    mergeLoras(randomUnet(), [
      { lora: first, weight: 0.75 },
      { lora: second, weight: -0.5 },
    ]).model,
  );
  const one = mergeLoras(randomUnet(), [{ lora: first, weight: 0.75 }]).model;
  const other = await run(mergeLoras(one, [{ lora: second, weight: -0.5 }]).model);
  assert.ok(distance(both, other) < 1e-5);
  const none = await run(mergeLoras(randomUnet(), [{ lora: first, weight: 0 }]).model);
  assert.deepEqual(none, await run(randomUnet()));
});

test("the three key conventions round trip", async () => {
  const { lora } = trained();
  const expected = await run(mergeLoras(randomUnet(), [{ lora, weight: 1 }]).model);
  for (const keys of ["diffusers", "peft", "kohya"] as const) {
    const tensors = loraToTensors(lora.layers, keys);
    const again = loraFromTensors({ tensors, metadata: {} }, keys);
    assert.equal(again.unknownKeys.length, 0);
    assert.equal(again.layers.length, 11);
    assert.equal(again.layers[0]!.alpha, keys === "kohya" ? 2 : 4);
    const merged = mergeLoras(randomUnet(), [{ lora: { ...lora, ...again }, weight: 1 }]);
    assert.equal(merged.changed, 11, keys);
    assert.ok(distance(await run(merged.model), expected) < 1e-5, keys);
  }
});

test("a weight that two layers share is un-shared, also behind Identity and Transpose", async () => {
  const random = new Random(3);
  const square = random.normalTensor([4, 4]);
  const g = graphBuilder();
  const x = g.input("x", "float32", ["batch", 3, 4]);
  const weight = g.parameter("shared.weight", square);
  const a = g.scope("a", () => g.op("MatMul", [x, weight]));
  const b = g.scope("b", () => g.op("MatMul", [x, g.op("Identity", [weight])]));
  const c = g.scope("c", () => g.op("MatMul", [x, g.op("Transpose", [weight], { perm: [1, 0] })]));
  g.output("y", g.op("Concat", [a, b, c], { axis: 2 }), "float32", ["batch", 3, 12]);
  const model = g.build();
  const inputs = { x: random.normalTensor([1, 3, 4]) };
  const before = await run(model, inputs);
  for (const [index, path] of ["a", "b", "c"].entries()) {
    const down = random.normalTensor([2, 4]);
    const up = random.normalTensor([4, 2]);
    const layer = { component: "unet", path, key: path, down, up, alpha: 2 } as const;
    const lora: Lora = { name: path, layers: [layer], metadata: {}, unknownKeys: [], ...unsealed };
    const after = await run(mergeLoras(model, [{ lora, weight: 1 }]).model, inputs);
    const expected = before.map((value, i) => {
      const [row, column] = [Math.floor(i / 12), i % 12];
      if (Math.floor(column / 4) !== index) return value;
      let change = 0;
      for (let r = 0; r < 2; r++) {
        for (let k = 0; k < 4; k++) {
          change += inputs.x.data[row * 4 + k]! * down.data[r * 4 + k]! * up.data[(column % 4) * 2 + r]!;
        }
      }
      return value + change;
    });
    assert.ok(distance(after, expected) < 1e-5, path);
  }
  assert.equal(model.graph.initializers.size, 1, "the model itself is left alone");
});

test("half-precision weights stay half-precision", () => {
  const model = cloneModel(randomUnet());
  const name = "conv_in.weight";
  model.graph.initializers.set(name, model.graph.initializers.get(name)!.toFloat16());
  const { lora } = trained(5, ["conv_in"]);
  const merged = mergeLoras(model, [{ lora, weight: 1 }]).model;
  const site = weightSites(merged).find(({ path }) => path === "conv_in")!;
  assert.equal(site.tensor.dtype, "float16");
});

test("a LoRA of the wrong shape names file, key, shapes and remedy", () => {
  const { lora } = trained(5, ["to_q"]);
  const layer = { ...lora.layers[0]!, key: "unet.x.to_q.lora.down.weight", down: zeros([4, 99]) };
  const wrong = { ...lora, name: "wrong.safetensors", layers: [layer] };
  assert.throws(
    () => mergeLoras(randomUnet(), [{ lora: wrong, weight: 1 }], { name: "tiny" }),
    (error: Error) => {
      assert.equal((error as Error & { code: string }).code, "lora.shape");
      for (const part of [
        "wrong.safetensors",
        "unet.x.to_q.lora.down.weight",
        "[4,99]",
        "[rank,16]",
        "tiny",
        "Use the LoRA",
      ]) {
        assert.ok(error.message.includes(part), `${error.message} lacks ${part}`);
      }
      return true;
    },
  );
});

test("keys that match no weight are reported; a LoRA of which nothing matches is refused", () => {
  const { lora } = trained(5, ["to_q"]);
  const stranger = { ...lora.layers[0]!, path: "nowhere.to_q", key: "unet.nowhere.to_q" };
  const some = { ...lora, layers: [...lora.layers, stranger] };
  const { unmatched, changed } = mergeLoras(randomUnet(), [{ lora: some, weight: 1 }]);
  assert.deepEqual([...unmatched], [["trained", ["unet.nowhere.to_q"]]]);
  assert.equal(changed, 2);
  assert.throws(() => mergeLoras(randomUnet(), [{ lora: { ...lora, layers: [stranger] }, weight: 1 }]), {
    code: "lora.no-match",
  });
});

test("impossible options are refused", () => {
  assert.throws(() => injectLora(randomUnet(), { rank: 0 }), { code: "lora.rank" });
  assert.throws(() => injectLora(randomUnet(), { rank: 2.5 }), { code: "lora.rank" });
  assert.throws(() => injectLora(randomUnet(), { alpha: -1 }), { code: "lora.alpha" });
  assert.throws(() => injectLora(randomUnet(), { targets: ["to_nothing"] }), /to_nothing.*conv_in/s);
});

test("keys of other tools are understood", () => {
  const layer = (down: string, up: string): Map<string, Tensor> =>
    new Map([
      [down, float32([1, 2], [1, 2])],
      [up, float32([3, 4], [2, 1])],
    ]);
  const path = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
  const flat = path.replaceAll(".", "_");
  const cases: [string, string, string, string][] = [
    [`unet.${path}.lora_A.weight`, `unet.${path}.lora_B.weight`, "unet", path],
    [`base_model.model.${path}.lora_A.default.weight`, `base_model.model.${path}.lora_B.default.weight`, "unet", path],
    [
      `unet.${path.replace(".to_q", ".processor.to_q_lora")}.down.weight`,
      `unet.${path.replace(".to_q", ".processor.to_q_lora")}.up.weight`,
      "unet",
      path,
    ],
    [`lora_unet_${flat}.lora_down.weight`, `lora_unet_${flat}.lora_up.weight`, "unet", flat],
    [
      "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.lora_down.weight",
      "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.lora_up.weight",
      "unet",
      flat,
    ],
    [
      "lora_unet_middle_block_1_proj_in.lora_down.weight",
      "lora_unet_middle_block_1_proj_in.lora_up.weight",
      "unet",
      "mid_block_attentions_0_proj_in",
    ],
    [
      "lora_unet_output_blocks_5_0_in_layers_2.lora_down.weight",
      "lora_unet_output_blocks_5_0_in_layers_2.lora_up.weight",
      "unet",
      "up_blocks_1_resnets_2_conv1",
    ],
    [
      "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
      "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_up.weight",
      "text_encoder_2",
      "text_model_encoder_layers_0_mlp_fc1",
    ],
    [
      "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.down.weight",
      "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.up.weight",
      "text_encoder",
      "text_model.encoder.layers.0.self_attn.q_proj",
    ],
  ];
  for (const [down, up, component, expected] of cases) {
    const { layers, unknownKeys } = loraFromTensors({ tensors: layer(down, up), metadata: {} }, "file");
    assert.deepEqual(unknownKeys, [], down);
    assert.deepEqual([layers[0]!.component, layers[0]!.path], [component, expected]);
    assert.equal(layers[0]!.alpha, 1);
  }
});

test("alpha comes from its tensor or from the adapter's metadata", () => {
  const tensors = new Map<string, Tensor>([
    ["unet.mid_block.a.to_q.lora_A.weight", zeros([4, 8])],
    ["unet.mid_block.a.to_q.lora_B.weight", zeros([8, 4])],
  ]);
  const adapter = JSON.stringify({ "unet.r": 4, "unet.lora_alpha": 16 });
  assert.equal(loraFromTensors({ tensors, metadata: { lora_adapter_metadata: adapter } }, "f").layers[0]!.alpha, 16);
  assert.equal(loraFromTensors({ tensors, metadata: { lora_adapter_metadata: "{broken" } }, "f").layers[0]!.alpha, 4);
});

test("what is no plain LoRA is refused by name, never half-used", () => {
  const file = (entries: [string, Tensor][]) => () => loraFromTensors({ tensors: new Map(entries), metadata: {} }, "f");
  assert.throws(file([["lora_unet_a.hada_w1_a", zeros([1])]]), { code: "lora.kind" });
  assert.throws(file([["unet.mid_block.to_q.lora_magnitude_vector", zeros([1])]]), { code: "lora.kind" });
  assert.throws(file([["unet.mid_block.to_q.lora_A.weight", zeros([2, 2])]]), { code: "lora.incomplete" });
  assert.throws(file([["model.diffusion_model.weight", zeros([2, 2])]]), { code: "lora.empty" });
  const odd: [string, Tensor][] = [
    ["unet.x.lora_A.weight", zeros([2, 8])],
    ["unet.x.lora_B.weight", zeros([8, 3])],
  ];
  assert.throws(file(odd), { code: "lora.shape" });
});
