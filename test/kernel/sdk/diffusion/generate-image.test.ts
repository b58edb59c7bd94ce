import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { policy } from "../../../../kernel/sdk/compliance/index.ts";
import { type GenerateImageOptions, generateImage } from "../../../../kernel/sdk/diffusion/index.ts";
import { withContext } from "../../../../kernel/sdk/host.ts";
import {
  injectedLayers,
  injectLora,
  type Lora,
  loraToTensors,
  writeSafetensors,
} from "../../../../kernel/sdk/lora/index.ts";
import type { Image } from "../../../../kernel/sdk/media/index.ts";
import { loadModel } from "../../../../kernel/sdk/models/index.ts";
import { graphBuilder, type Model } from "../../../../kernel/sdk/onnx/index.ts";
import { type DataType, Random } from "../../../../kernel/sdk/tensor/index.ts";
import { surroundings, type TestSurroundings, writeRandomPipeline } from "../../../support/random-pipeline.ts";
import { randomUnet } from "../../../support/random-unet.ts";

const hashes = (images: readonly Image[]) => images.map((image) => image.pixelHash);

/** Generates with the model in `folder`, taken as public domain. */
function generate(at: TestSurroundings, options: GenerateImageOptions, changes = {}): Promise<Image[]> {
  return withContext(at.context(changes), () => {
    const model = loadModel(join(at.folder, "model"), { licenceClass: "public_domain" });
    return generateImage({ steps: 4, ...options, model: options.model ?? model });
  });
}

/** A LoRA with random weights for {@link randomUnet}. */
function randomLora(changes: Partial<Lora> = {}): Lora {
  const injection = injectLora(randomUnet(), { rank: 2 });
  const random = new Random("lora");
  const values = injection.parameters.map((name) => {
    return [name, random.normalTensor(injection.model.graph.initializers.get(name)!.dims).data] as const;
  });
  const layers = injectedLayers(injection, Object.fromEntries(values));
  const unsealed = { sha256: "a".repeat(64), bytes: 1, licenceClass: "creative_commons" } as const;
  return { name: "random", layers, metadata: {}, unknownKeys: [], ...unsealed, ...changes };
}

/** A UNet that anybody can work out: half the input, plus the mean of the text states. */
function halvingUnet(timestep: { dtype: DataType; dims: string[] }): Model {
  const g = graphBuilder({ opset: 18 });
  const sample = g.input("sample", "float32", ["batch", 4, "height", "width"]);
  const time = g.input("timestep", timestep.dtype, timestep.dims);
  const text = g.input("encoder_hidden_states", "float32", ["batch", "sequence", 12]);
  const mean = g.op("ReduceMean", [text, g.ints(1, 2)], { keepdims: 1 });
  const shift = g.op("Reshape", [mean, g.ints(-1, 1, 1, 1)]);
  // The timestep must arrive in its own type; it is multiplied away.
  const nothing = g.op("Mul", [g.op("Reshape", [g.op("Cast", [time], { to: 1 }), g.ints(-1, 1, 1, 1)]), 0]);
  const half = g.op("Mul", [sample, 0.5]);
  g.output("out_sample", g.op("Add", [g.op("Add", [half, shift]), nothing]), "float32", [
    "batch",
    4,
    "height",
    "width",
  ]);
  return g.build();
}

/** A text encoder whose states are the first letter's id divided by 100, everywhere. */
function letterEncoder(): Model {
  const g = graphBuilder({ opset: 18 });
  const ids = g.input("input_ids", "int32", ["batch", 8]);
  const first = g.op("Slice", [g.op("Cast", [ids], { to: 1 }), g.ints(1), g.ints(2), g.ints(1)]);
  const value = g.op("Mul", [g.op("Reshape", [first, g.ints(-1, 1, 1)]), 0.01]);
  g.output("last_hidden_state", g.op("Expand", [value, g.ints(1, 8, 12)]), "float32", ["batch", 8, 12]);
  return g.build();
}

/** A decoder that shows the first three latent channels, doubled in size. */
function plainDecoder(): Model {
  const g = graphBuilder({ opset: 18 });
  const latent = g.input("latent_sample", "float32", ["batch", 4, "h", "w"]);
  const three = g.op("Slice", [latent, g.ints(0), g.ints(3), g.ints(1)]);
  const larger = g.op("Resize", [three, null, g.floats(1, 1, 2, 2)], {
    mode: "nearest",
    nearest_mode: "floor",
    coordinate_transformation_mode: "asymmetric",
  });
  g.output("sample", larger, "float32", ["batch", 3, "height", "width"]);
  return g.build();
}

test("guidance, scheduler and VAE scale do what a calculation by hand gives", async () => {
  for (const timestep of [
    { dtype: "float32", dims: ["steps"] },
    { dtype: "int64", dims: [] },
  ] as const) {
    using at = surroundings();
    const parts = { textEncoder: letterEncoder(), vaeDecoder: plainDecoder(), scalingFactor: 0.5 };
    const unet = halvingUnet({ dtype: timestep.dtype, dims: [...timestep.dims] });
    writeRandomPipeline(join(at.folder, "model"), { unet, ...parts });
    const options = { prompt: "c", negativePrompt: "b", guidance: 3, seed: 9, steps: 5 };
    const [image] = await generate(at, options);

    // ε = x/2 + text, guided: negative + 3·(prompt − negative), where the last letters' ids are 26 + 2 and 26 + 1.
    const shift = 0.27 + 3 * (0.28 - 0.27);
    let product = 1;
    const alphas = Array.from({ length: 1000 }, (_, t) => {
      const root = Math.sqrt(0.00085) + ((Math.sqrt(0.012) - Math.sqrt(0.00085)) * t) / 999;
      product *= 1 - root ** 2;
      return product;
    });
    const noise = new Random("noise/9").normalTensor([4, 6, 6]).data;
    const result = Array.from(noise, (x) => {
      for (const t of [999, 799, 599, 399, 199]) {
        const alpha = alphas[t]!;
        const next = t >= 200 ? alphas[t - 200]! : 1;
        const epsilon = x / 2 + shift;
        const clean = (x - Math.sqrt(1 - alpha) * epsilon) / Math.sqrt(alpha);
        x = Math.sqrt(next) * clean + Math.sqrt(1 - next) * epsilon;
      }
      return x;
    });
    for (const [row, column, channel] of [
      [0, 0, 0],
      [3, 7, 1],
      [11, 11, 2],
      [5, 2, 0],
    ] as const) {
      const value = result[channel * 36 + Math.floor(row / 2) * 6 + Math.floor(column / 2)]! / 0.5;
      const expected = Math.round(Math.min(Math.max((value + 1) * 127.5, 0), 255));
      const actual = image!.data[(row * 12 + column) * 3 + channel]!;
      assert.ok(Math.abs(actual - expected) <= 1, `pixel ${row},${column}: ${actual} is not ${expected}`);
    }
  }
});

test("the same seed gives the same pixels, in any batch and beside any neighbour", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const prompts = ["red", "blue", "red", "old", "new"];
  const all = await generate(at, { prompts, seed: 3 });
  assert.deepEqual(hashes(await generate(at, { prompts, seed: 3 })), hashes(all));
  assert.deepEqual(hashes(await generate(at, { prompts, seed: 3, batch: 2 })), hashes(all));
  const alone = await generate(at, { prompt: "red", seed: 5, batch: 1 });
  assert.deepEqual(hashes(alone), [all[2]!.pixelHash]);
  assert.equal(new Set(hashes(all)).size, 5);
  const more = await generate(at, { prompt: "red", seeds: [5, 3] });
  assert.deepEqual(hashes(more), [all[2]!.pixelHash, all[0]!.pixelHash]);
});

test("every scheduler makes a picture of its own", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const images = [];
  for (const scheduler of ["ddim", "euler", "dpm++2m"] as const) {
    images.push(...(await generate(at, { prompt: "red", scheduler, steps: 5 })));
  }
  assert.equal(new Set(hashes(images)).size, 3);
});

test("pictures carry their facts, and the record hears of model, LoRA and pictures", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const steps: string[] = [];
  const lora = randomLora();
  const [first, second] = await generate(
    at,
    {
      prompt: "a red cube",
      negativePrompt: "dull",
      count: 2,
      loras: [{ lora, weight: 0.5 }],
      batch: 1,
      onStep: ({ step, batch }) => void steps.push(`${batch}/${step}`),
    },
    { seed: 40 },
  );
  assert.deepEqual(steps, ["0/1", "0/2", "0/3", "0/4", "1/1", "1/2", "1/3", "1/4"]);
  assert.deepEqual([first!.width, first!.height], [12, 12]);
  const { prompt, negativePrompt, seed, model, loras, mode, licenceClass } = second!.facts;
  assert.deepEqual(
    { prompt, negativePrompt, seed, model, loras, mode, licenceClass },
    {
      prompt: "a red cube",
      negativePrompt: "dull",
      seed: 41,
      model: "model",
      loras: [{ name: "random", weight: 0.5 }],
      mode: "open_source_only",
      licenceClass: "creative_commons",
    },
  );
  const kinds = at.events.map((event) =>
    "what" in event && "role" in event.what ? `${event.type} ${event.what.role}` : event.type,
  );
  assert.deepEqual(kinds, ["used model", "used lora", "produced output", "produced output"]);
  const produced = at.events.at(-1)!;
  assert.ok(produced.type === "produced" && produced.facts!.seed === 41 && produced.from!.includes(lora.sha256));
  assert.ok(at.outputs.every((output) => output.type === "display" && output.transient));
});

test("a LoRA changes the pictures by its weight; a file does as an object", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const lora = randomLora();
  const plain = hashes(await generate(at, { prompt: "red" }));
  const none = hashes(await generate(at, { prompt: "red", loras: [{ lora, weight: 0 }] }));
  const full = hashes(await generate(at, { prompt: "red", loras: [{ lora }] }));
  assert.deepEqual(none, plain);
  assert.notDeepEqual(full, plain);
  const metadata = { "assay.licence_class": "public_domain" };
  writeFileSync(join(at.folder, "style.safetensors"), writeSafetensors(loraToTensors(lora.layers, "kohya"), metadata));
  const images = await generate(at, { prompt: "red", loras: [{ lora: "style.safetensors" }] });
  assert.deepEqual(hashes(images), full);
  assert.equal(images[0]!.facts.licenceClass, "public_domain");
});

test("keys that match nothing are told, and the rest is used", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const { layers } = randomLora();
  const lora = randomLora({
    layers: [...layers, { ...layers[0]!, path: "elsewhere.to_q", key: "unet.elsewhere.to_q" }],
    sha256: "b".repeat(64),
  });
  for (let call = 1; call <= 2; call++) {
    await generate(at, { prompt: "red", loras: [{ lora }] });
    const told = at.outputs.flatMap((output) => (output.type === "stream" ? output.text : []));
    assert.equal(told.length, call);
    assert.match(told.at(-1)!, /unet\.elsewhere\.to_q/);
  }
});

test("a LoRA of the text encoder changes the texts; one of other networks only is refused", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const random = new Random("text");
  const layer = {
    component: "text_encoder",
    path: "text_model_encoder_layers_0_mlp_fc1",
    key: "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
    down: random.normalTensor([2, 12]),
    up: random.normalTensor([12, 2]),
    alpha: 2,
  } as const;
  const plain = hashes(await generate(at, { prompt: "red" }));
  const changed = await generate(at, {
    prompt: "red",
    loras: [{ lora: randomLora({ layers: [layer], sha256: "c".repeat(64) }) }],
  });
  assert.notDeepEqual(hashes(changed), plain);
  const other = randomLora({ layers: [{ ...layer, component: "text_encoder_2" }] });
  await assert.rejects(generate(at, { prompt: "red", loras: [{ lora: other }] }), { code: "lora.no-match" });
});

test("the mode decides before anything runs", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const model = join(at.folder, "model");
  const unknown = generate(at, { prompt: "red", model });
  await assert.rejects(unknown, { name: "ComplianceError", rule: "base.class", item: "base model model" });
  const lora = randomLora({ licenceClass: "copyrighted", name: "stock" });
  const refused = generate(at, { prompt: "red", loras: [{ lora }] });
  await assert.rejects(refused, { name: "ComplianceError", rule: "lora.class", item: "LoRA stock" });
  await assert.rejects(generate(at, { prompt: "red", mode: "full_dataset" }), { rule: "mode.wider" });
  const [wide] = await generate(at, { prompt: "red", model, loras: [{ lora }] }, { mode: "full_dataset" });
  assert.equal(wide!.facts.licenceClass, "unknown");
  const narrow = generate(at, { prompt: "red", loras: [{ lora }], mode: "research_safe" }, { mode: "full_dataset" });
  await assert.rejects(narrow, { rule: "lora.class" });
  const [disclosed] = await generate(at, { prompt: "red", model, policy: policy({ base: "disclose" }) });
  assert.match(disclosed!.facts.badges!.disclosure!, /Unknown licence/);
});

test("wrong options name the option, its value and the remedy", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ prompt: "red", steps: 0 }, /generate\.image, option steps \(0\).*whole number from 1/],
    [{ prompt: "red", guidance: "high" }, /option guidance \("high"\).*2 to 8/],
    [{ prompt: "red", scheduler: "plms" }, /option scheduler \("plms"\).*ddim, euler/],
    [{ prompt: "red", step: 3 }, /option step.*no such option/],
    [{}, /exactly one of prompt and prompts/],
    [{ prompt: "red", prompts: ["red"] }, /exactly one of prompt and prompts/],
    [{ prompts: ["red", "blue"], seeds: [1] }, /option seeds \(1\).*2 pictures/],
    [{ prompt: "red", width: 13 }, /option width \(13\).*multiples of 2.*Use width 14/],
    [{ prompt: "red", loras: [{ lora: {} }] }, /option loras\[0\]\.lora \({}\).*a LoRA is what train\.lora gives/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(generate(at, options as GenerateImageOptions), (error: Error & { code: string }) => {
      assert.equal(error.code, "option.invalid");
      assert.match(error.message, message);
      return true;
    });
  }
});

test("a truncated network is named, and nothing else breaks", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const file = join(at.folder, "model/unet/model.onnx");
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length >> 1));
  await assert.rejects(generate(at, { prompt: "red" }), (error: Error & { code: string }) => {
    assert.equal(error.code, "engine.load");
    assert.ok(error.message.includes(file), error.message);
    return true;
  });
  await assert.rejects(generate(at, { prompt: "red", loras: [{ lora: randomLora() }] }), /unet.*model\.onnx/);
  writeFileSync(file, whole);
  assert.equal((await generate(at, { prompt: "red" })).length, 1);
});

test("an interrupt stops between steps, and the next call works", async () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  const controller = new AbortController();
  const steps: number[] = [];
  const onStep = ({ step }: { step: number }) => {
    steps.push(step);
    if (step === 2) controller.abort(new Error("interrupted"));
  };
  const stopped = generate(at, { prompt: "red", steps: 50, onStep }, { signal: controller.signal });
  await assert.rejects(stopped, /interrupted/);
  assert.deepEqual(steps, [1, 2]);
  assert.equal(
    at.events.some(({ type }) => type === "produced"),
    false,
  );
  assert.equal((await generate(at, { prompt: "red" })).length, 1);
});
