import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { policy } from "../../../../kernel/sdk/compliance/index.ts";
import { generateImage } from "../../../../kernel/sdk/diffusion/index.ts";
import { withContext } from "../../../../kernel/sdk/host.ts";
import { loadLora, readSafetensors } from "../../../../kernel/sdk/lora/index.ts";
import { displaySymbol } from "../../../../kernel/sdk/media/index.ts";
import { loadModel } from "../../../../kernel/sdk/models/index.ts";
import { type TrainLoraOptions, trainLora } from "../../../../kernel/sdk/training/index.ts";
import {
  plainDataset,
  surroundings,
  type TestSurroundings,
  writeRandomPipeline,
} from "../../../support/random-pipeline.ts";

function train(at: TestSurroundings, options: Partial<TrainLoraOptions> = {}, changes = {}) {
  return withContext(at.context(changes), () => {
    const model = loadModel(join(at.folder, "model"), { licenceClass: "public_domain" });
    return trainLora({
      dataset: plainDataset(),
      batch: 4,
      rank: 4,
      steps: 3,
      ...options,
      model: options.model ?? model,
    });
  });
}

function start(scheduler: Record<string, unknown> = {}): TestSurroundings {
  const at = surroundings();
  writeRandomPipeline(join(at.folder, "model"), { scheduler });
  return at;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const prediction_type of ["epsilon", "v_prediction"]) {
  test(`training lowers the loss of a network that predicts ${prediction_type}`, async () => {
    using at = start({ prediction_type });
    const steps = 60;
    const { losses } = await train(at, { steps, targets: "all", learningRate: 0.02, batch: 8, captionDropout: 0 });
    assert.equal(losses.length, steps);
    const [first, last] = [mean(losses.slice(0, 10)), mean(losses.slice(-10))];
    assert.ok(last < first * 0.7, `${first} fell to ${last} only`);
  });
}

test("the same seed gives the same file, bit by bit; another seed another one", async () => {
  using at = start();
  const one = await train(at, { seed: 7, targets: "all" });
  const same = await train(at, { seed: 7, targets: "all" });
  const other = await train(at, { seed: 8, targets: "all" });
  assert.equal(same.sha256, one.sha256);
  assert.deepEqual(same.losses, one.losses);
  assert.notEqual(other.sha256, one.sha256);
});

test("with zero steps the LoRA changes nothing", async () => {
  using at = start();
  const lora = await train(at, { steps: 0 });
  assert.deepEqual(lora.losses, []);
  assert.ok(lora.layers.every(({ up }) => up.toNumbers().every((value) => value === 0)));
  const hashes = await withContext(at.context(), async () => {
    const model = loadModel(join(at.folder, "model"), { licenceClass: "public_domain" });
    const [plain] = await generateImage({ model, prompt: "red", steps: 3 });
    const [changed] = await generateImage({ model, prompt: "red", steps: 3, loras: [{ lora }] });
    return [plain!.pixelHash, changed!.pixelHash];
  });
  assert.equal(hashes[1], hashes[0]);
});

test("the file is kept, written where wanted, loads again, and tells its origin without a date", async () => {
  using at = start();
  const options = { name: "style", output: "out/style.safetensors", trigger: "plain style", alpha: 8, seed: 5 };
  const lora = await train(at, options);
  assert.equal(lora.file, join(at.folder, "out/style.safetensors"));
  const bytes = readFileSync(lora.file);
  assert.equal(bytes.length, lora.bytes);
  assert.deepEqual(readFileSync(join(at.folder, ".assay/artifacts", lora.sha256.slice(0, 2), lora.sha256)), bytes);

  const again = withContext(at.context(), () => loadLora("out/style.safetensors"));
  assert.equal(again.sha256, lora.sha256);
  assert.equal(again.licenceClass, "creative_commons");
  assert.equal(again.layers.length, 8);
  const { tensors, metadata } = readSafetensors(bytes, "style");
  const path = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora";
  assert.deepEqual(tensors.get(`${path}.down.weight`)!.dims, [4, 12]);
  assert.deepEqual(tensors.get(`${path}.up.weight`)!.dims, [16, 4]);
  const expected: Record<string, string> = {
    ss_network_dim: "4",
    ss_network_alpha: "4",
    "assay.alpha": "8",
    "assay.seed": "5",
    "assay.steps": "3",
    "assay.base_model": "model",
    "assay.dataset_sha256": "d".repeat(64),
    "assay.mode": "open_source_only",
    "modelspec.trigger_phrase": "plain style",
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(metadata[key], value, key);
  assert.equal(metadata["assay.base_model_sha256"]!.length, 64);
  assert.doesNotMatch(JSON.stringify(metadata), /20\d\d-|timestamp|date/i);
});

test("the scale of alpha is the same under every convention of keys", async () => {
  using at = start();
  const changed = async (keys: "diffusers" | "peft" | "kohya") => {
    const lora = await train(at, { alpha: 8, keys, seed: 2 });
    return lora.layers.map(({ up, alpha }) => up.toNumbers().map((value) => Math.fround((value * alpha) / 4)));
  };
  const [diffusers, peft, kohya] = [await changed("diffusers"), await changed("peft"), await changed("kohya")];
  assert.deepEqual(peft, diffusers);
  assert.deepEqual(kohya, diffusers);
});

test("the text encoder learns too where wanted: it starts from the same loss and ends elsewhere", async () => {
  using at = start();
  const options = { steps: 12, seed: 4, learningRate: 0.01, captionDropout: 0 };
  const without = await train(at, options);
  const both = await train(at, { ...options, textEncoder: true });
  assert.ok(Math.abs(both.losses[0]! - without.losses[0]!) < 1e-5, `${both.losses[0]} and ${without.losses[0]}`);
  assert.ok(both.losses[11]! < without.losses[11]!, "more weights that learn should do better on the same batches");
  const [layer, ...others] = both.layers.filter(({ component }) => component === "text_encoder");
  assert.equal(others.length, 0);
  assert.equal(layer!.path, "text_model.encoder.layers.0.mlp.fc1");
  assert.ok(layer!.up.toNumbers().some((value) => value !== 0));
  const adapter = JSON.parse(both.metadata.lora_adapter_metadata!);
  assert.deepEqual(adapter["text_encoder.target_modules"], [layer!.path]);
  const [plain, changed] = await withContext(at.context(), async () => {
    const model = loadModel(join(at.folder, "model"), { licenceClass: "public_domain" });
    const text = { ...both, layers: [layer!], sha256: "e".repeat(64) };
    const images = [];
    for (const loras of [[], [{ lora: text }]])
      images.push(...(await generateImage({ model, prompt: "red", steps: 3, loras })));
    return images.map((image) => image.pixelHash);
  });
  assert.notEqual(changed, plain);
});

test("targets are a group, ends of paths, or patterns", async () => {
  using at = start();
  const count = async (targets: TrainLoraOptions["targets"]) => (await train(at, { steps: 0, targets })).layers.length;
  assert.equal(await count(undefined), 8);
  assert.equal(await count("all"), 11);
  assert.equal(await count(["attn2.to_k", /^conv/]), 3);
});

test("the record hears of the training, and the LoRA shows itself", async () => {
  using at = start();
  const lora = await train(at, { name: "style" });
  const training = at.events.find((event) => event.type === "training")!;
  assert.equal(training.result, lora.sha256);
  assert.equal(training.dataset, "d".repeat(64));
  assert.equal(training.losses.length, 3);
  assert.equal(training.licenceClass, "creative_commons");
  const produced = at.events.find((event) => event.type === "produced")!;
  assert.equal(produced.what.role, "lora");
  assert.deepEqual(produced.from, [training.base, training.dataset]);
  assert.match(String(lora[displaySymbol]()["text/plain"]), /style/);
  assert.ok(
    at.outputs.every((output) => output.type === "display" && output.transient),
    "only progress is shown",
  );
});

test("the mode decides before anything is trained", async () => {
  using at = start();
  const wide = plainDataset(4, { mode: "full_dataset", licenceClass: "copyrighted" });
  await assert.rejects(train(at, { dataset: wide }), { name: "ComplianceError", rule: "dataset.mode" });
  const forged = plainDataset(4, { licenceClass: "copyrighted" });
  await assert.rejects(train(at, { dataset: forged }), { name: "ComplianceError", rule: "mode.class" });
  const model = join(at.folder, "model");
  await assert.rejects(train(at, { model }), { name: "ComplianceError", rule: "base.class" });
  assert.equal(existsSync(join(at.folder, ".assay")), false);
  const lora = await train(at, { model, policy: policy({ base: "disclose" }) });
  assert.equal(lora.licenceClass, "creative_commons");
  assert.equal(lora.combinedClass, "unknown");
  const full = await train(at, { dataset: wide }, { mode: "full_dataset" });
  assert.equal(full.metadata["assay.licence_class"], "copyrighted");
});

test("an interrupt leaves nothing behind, and the next run works", async () => {
  using at = start();
  const controller = new AbortController();
  const onStep = ({ step }: { step: number }) => {
    if (step === 2) controller.abort(new Error("interrupted"));
  };
  const stopped = train(at, { steps: 1000, output: "style.safetensors", onStep }, { signal: controller.signal });
  await assert.rejects(stopped, /interrupted/);
  assert.deepEqual(readdirSync(at.folder), ["model"]);
  assert.equal(
    at.events.some(({ type }) => type === "training"),
    false,
  );
  assert.equal((await train(at)).losses.length, 3);
});

test("wrong options name the option, its value and the remedy", async () => {
  using at = start();
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ rank: 0 }, /train\.lora, option rank \(0\).*4 to 32/],
    [{ steps: 1.5 }, /option steps \(1\.5\).*whole number from 0/],
    [{ dataset: [1, 2] }, /option dataset \(\[1,2\]\).*data\.dataset/],
    [{ captionDropout: 2 }, /option captionDropout \(2\).*from 0 to 1/],
    [{ epochs: 3 }, /option epochs.*no such option/],
    [{ resolution: 13 }, /option resolution \(13\).*multiples of 2.*Use 14/],
    [{ targets: ["to_nothing"] }, /to_nothing.*to_out\.0/],
    [{ targets: "everything" }, /option targets \("everything"\).*attention, all/],
  ];
  for (const [options, message] of wrong) await assert.rejects(train(at, options), message);
});
