import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withContext } from "../../../../kernel/sdk/host.ts";
import { Image } from "../../../../kernel/sdk/media/index.ts";
import { featureEncoder, loadModel } from "../../../../kernel/sdk/models/index.ts";
import { graphBuilder, writeModel } from "../../../../kernel/sdk/onnx/index.ts";
import { surroundings, writeRandomPipeline } from "../../../support/random-pipeline.ts";

/** A pair in the layout of transformers: pictures are encoded as their mean colour, texts as their first three ids. */
function writePair(folder: string): void {
  mkdirSync(join(folder, "onnx"), { recursive: true });
  const vision = graphBuilder({ opset: 18 });
  const pixels = vision.input("pixel_values", "float32", ["batch", 3, 4, 4]);
  vision.output("image_embeds", vision.op("ReduceMean", [pixels, vision.ints(2, 3)], { keepdims: 0 }));
  writeModel(vision.build(), join(folder, "onnx/vision_model.onnx"));
  const text = graphBuilder({ opset: 18 });
  const ids = text.input("input_ids", "int64", ["batch", 5]);
  const first = text.op("Slice", [ids, text.ints(0), text.ints(3), text.ints(1)]);
  text.output("text_embeds", text.op("Cast", [first], { to: 1 }));
  writeModel(text.build(), join(folder, "onnx/text_model.onnx"));
  const vocab = { "a</w>": 0, "b</w>": 1, "<|startoftext|>": 2, "<|endoftext|>": 3 };
  const files = {
    "config.json": {},
    "preprocessor_config.json": {
      crop_size: { height: 4, width: 4 },
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.25],
    },
    "vocab.json": vocab,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  writeFileSync(join(folder, "merges.txt"), "#version: 0.2\n");
}

test("pictures and texts become unit vectors, whatever the batch", async () => {
  using at = surroundings();
  writePair(join(at.folder, "pair"));
  await withContext(at.context(), async () => {
    const encoder = featureEncoder("pair", { batch: 2 });
    assert.equal(encoder.id, "pair");
    const colour = (r: number, g: number, b: number) =>
      new Image({
        width: 8,
        height: 4,
        channels: 3,
        data: Uint8Array.from({ length: 96 }, (_, i) => [r, g, b][i % 3]!),
      });
    const pictures = await encoder.images([colour(255, 0, 0), colour(255, 255, 255), colour(0, 0, 255)]);
    assert.deepEqual(pictures.dims, [3, 3]);
    // White is (1, 1, 1) after its mean, and the last channel is divided by half of the others' deviation.
    const expected = [1, -1, -2, 1, 1, 2, -1, -1, 2].map((value) => value / Math.sqrt(6));
    for (const [i, value] of pictures.toNumbers().entries())
      assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${i}: ${value}`);
    const texts = await encoder.texts(["a b", "b", "a"]);
    const ids = [
      [2, 0, 1],
      [2, 1, 3],
      [2, 0, 3],
    ];
    const units = ids.flatMap((row) => row.map((id) => id / Math.hypot(...row)));
    for (const [i, value] of texts.toNumbers().entries())
      assert.ok(Math.abs(value - units[i]!) < 1e-6, `${i}: ${value}`);
    assert.deepEqual((await encoder.texts([])).dims, [0, 0]);
  });
});

test("a diffusion model is no encoder", () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "model"));
  withContext(at.context(), () => {
    assert.throws(() => featureEncoder(loadModel("model")), { code: "model.layout" });
  });
});
