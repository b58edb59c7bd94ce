import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  DEPTH_BYTES,
  depthByte,
  loadCorpus,
  PICTURE_BYTES,
  renderCorpus,
  sceneAt,
} from "../../../models/build/corpus/corpus.ts";
import { captionOf, FAR_DEPTH } from "../../../models/build/scenes/index.ts";
import { temporaryFolder } from "../../support/temporary.ts";

test("a corpus keeps a picture, a depth map, a caption and a style of each scene, and is read back as it was", async (t) => {
  const folder = temporaryFolder(t);
  const spec = { name: "small", count: 6, choices: { twoObjects: 0.5 } };
  const made = await loadCorpus(spec, folder, () => {});
  assert.equal(made.pixels.length, spec.count * PICTURE_BYTES);
  assert.equal(made.depth.length, spec.count * DEPTH_BYTES);
  const again = await loadCorpus(spec, folder, () => assert.fail("it is rendered once"));
  const here = renderCorpus(spec);
  for (const other of [again, here]) {
    assert.ok(Buffer.from(other.pixels).equals(made.pixels));
    assert.ok(Buffer.from(other.depth).equals(made.depth));
  }
  const lines = readFileSync(join(folder, "corpus-small-6.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines,
    Array.from({ length: 6 }, (_, index) => {
      const scene = sceneAt(spec, index);
      return { synthetic: true, style: scene.style, caption: captionOf(scene) };
    }),
  );
  for (let index = 0; index < spec.count; index++) {
    const map = made.depth.subarray(index * DEPTH_BYTES, (index + 1) * DEPTH_BYTES);
    assert.equal(map[0], 0, "the sky is far");
    assert.ok(Math.max(...map) > 60, "what is near is bright");
  }
});

test("depth maps grow brighter as things come nearer", () => {
  assert.equal(depthByte(FAR_DEPTH), 0);
  assert.equal(depthByte(2), 255);
  // Equal steps of inverse distance: half of them between 2 and 12 lie at 1 / ((1/2 + 1/12) / 2).
  assert.equal(depthByte(24 / 7), 128);
});
