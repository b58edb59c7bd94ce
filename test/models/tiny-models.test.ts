import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine, readModel } from "../../kernel/sdk/onnx/index.ts";
import { renderCorpus } from "../../models/build/corpus/corpus.ts";
import { TEST_CORPUS } from "../../models/build/corpus/specs.ts";
import { judgePictures, score } from "../../models/build/evaluate/judge.ts";
import { promptScenes, promptsOf } from "../../models/build/evaluate/prompts.ts";
import { retrieval } from "../../models/build/evaluate/retrieval.ts";
import { samplePictures } from "../../models/build/evaluate/sample.ts";

const MODELS = join(import.meta.dirname, "../../models");
const IDS = ["tiny-scenes", "tiny-clip"] as const;

function manifest(id: string): { files: Record<string, { sha256: string; bytes: number }>; licenceClass: string } {
  return JSON.parse(readFileSync(join(MODELS, id, "model.json"), "utf8"));
}

test("every file of the tiny models has the checksum in model.json, and none is missing from it", () => {
  for (const id of IDS) {
    const { files, licenceClass } = manifest(id);
    assert.equal(licenceClass, "public_domain");
    const found = readdirSync(join(MODELS, id), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "model.json")
      .map((entry) => join(entry.parentPath, entry.name).slice(join(MODELS, id).length + 1));
    assert.deepEqual(found.sort(), Object.keys(files).sort());
    for (const [path, { sha256, bytes }] of Object.entries(files)) {
      const content = readFileSync(join(MODELS, id, path));
      assert.equal(content.length, bytes, path);
      assert.equal(createHash("sha256").update(content).digest("hex"), sha256, path);
    }
  }
});

test("the tiny models together stay within 16 MB", () => {
  const bytes = IDS.flatMap((id) =>
    readdirSync(join(MODELS, id), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size),
  ).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= 16e6, `${bytes} bytes`);
});

test("the judge knows fresh renderings, and the CLIP pair finds their captions", async () => {
  await using engine = new Engine();
  const fresh = renderCorpus({ ...TEST_CORPUS, name: "fresh", count: 100 });
  await using judge = await engine.load(readModel(join(MODELS, "tiny-scenes/judge/model.onnx")));
  const seen = score(fresh.scenes, await judgePictures(judge, fresh.pixels));
  assert.ok(seen.allRight >= 0.95, `all right in ${seen.allRight}`);
  assert.ok(seen.style >= 0.97, `style right in ${seen.style}`);
  await using images = await engine.load(readModel(join(MODELS, "tiny-clip/onnx/vision_model.onnx")));
  await using texts = await engine.load(readModel(join(MODELS, "tiny-clip/onnx/text_model.onnx")));
  const found = await retrieval(
    (feeds) => images.run(feeds),
    (feeds) => texts.run(feeds),
    fresh,
  );
  assert.ok(found >= 0.6, `caption found in ${found} (chance 0.02)`);
});

test("pictures say what their prompts say, and the same seed gives the same bytes", async () => {
  await using engine = new Engine();
  const open = (part: string) => engine.load(readModel(join(MODELS, "tiny-scenes", part, "model.onnx")));
  const config = JSON.parse(readFileSync(join(MODELS, "tiny-scenes/vae_decoder/config.json"), "utf8"));
  await using text = await open("text_encoder");
  await using unet = await open("unet");
  await using decoder = await open("vae_decoder");
  await using judge = await open("judge");
  const pipeline = { text, unet, decoder, scalingFactor: config.scaling_factor as number };
  const scenes = promptScenes(24, "test of pictures");
  const pixels = await samplePictures(pipeline, promptsOf(scenes), { seed: "test" });
  const { allRight } = score(scenes, await judgePictures(judge, pixels));
  assert.ok(allRight >= 0.6, `all right in ${allRight} (chance below 0.02)`);
  const few = promptsOf(scenes).slice(0, 2);
  const once = await samplePictures(pipeline, few, { seed: "again", steps: 4 });
  assert.deepEqual(await samplePictures(pipeline, few, { seed: "again", steps: 4 }), once);
  assert.notDeepEqual(await samplePictures(pipeline, few, { seed: "other", steps: 4 }), once);
});
