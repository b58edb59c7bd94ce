import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import {
  captionOf,
  FAR_DEPTH,
  HELD_OUT_PAIRS,
  isHeldOutPair,
  placeObject,
  randomCaption,
  renderScene,
  type SceneSpec,
  SHAPES,
  STYLES,
  sampleScene,
} from "../../../models/build/scenes/index.ts";

function scenes(seed: string, count: number, choices: Parameters<typeof sampleScene>[1] = {}): SceneSpec[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => sampleScene(() => random.uniform(), choices));
}

test("equal seeds give equal scenes and equal bytes, other seeds others", () => {
  const [first] = scenes("a", 1);
  const [again] = scenes("a", 1);
  const [other] = scenes("b", 1);
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.deepEqual(renderScene(first!).rgb, renderScene(again!).rgb);
});

test("choices of styles, numbers of objects and pairs are kept", () => {
  for (const scene of scenes("seen", 300, { pairs: "seen", styles: ["ink"], twoObjects: 1 })) {
    assert.equal(scene.style, "ink");
    assert.equal(scene.objects.length, 2);
    assert.ok(scene.objects.every(({ shape, colour }) => !isHeldOutPair(shape, colour)));
    assert.ok(scene.objects[0]!.x < scene.objects[1]!.x, "objects go from left to right");
  }
  for (const scene of scenes("held out", 50, { pairs: "held-out" })) {
    assert.ok(scene.objects.some(({ shape, colour }) => isHeldOutPair(shape, colour)));
  }
  assert.equal(new Set(HELD_OUT_PAIRS.map(([shape]) => shape)).size, HELD_OUT_PAIRS.length);
});

test("every shape in every style stands out from ground and sky, and has a depth", () => {
  const random = new Random("objects");
  const uniform = () => random.uniform();
  for (const style of STYLES) {
    for (const shape of SHAPES) {
      const scene: SceneSpec = {
        objects: [placeObject(uniform, shape, "red", 1, 0)],
        ground: "sand",
        sky: "day",
        style,
        light: -0.8,
        texture: 5,
      };
      const empty = renderScene({ ...scene, objects: [] });
      const full = renderScene(scene);
      let changed = 0;
      let nearer = 0;
      for (let at = 0; at < 64 * 64; at++) {
        const difference =
          Math.abs(full.rgb[at * 3]! - empty.rgb[at * 3]!) + Math.abs(full.rgb[at * 3 + 1]! - empty.rgb[at * 3 + 1]!);
        if (difference > 40) changed++;
        if (full.depth[at]! < empty.depth[at]! - 1e-3) nearer++;
      }
      assert.ok(changed > 250, `${shape} in ${style}: ${changed} pixels`);
      assert.ok(nearer > 250, `${shape}: ${nearer} pixels in front`);
      assert.equal(full.depth[0], FAR_DEPTH);
    }
  }
});

test("a torus has a hole and a sphere has none", () => {
  const centre = (shape: "torus" | "sphere") => {
    const scene: SceneSpec = {
      objects: [{ shape, colour: "red", x: 0, z: 0, size: 1.6, yaw: 0 }],
      ground: "snow",
      sky: "day",
      style: "flat",
      light: -0.8,
      texture: 1,
    };
    const { rgb } = renderScene(scene);
    let red = 0;
    for (let row = 0; row < 64; row++) if (rgb[(row * 64 + 32) * 3 + 1]! < 80) red++;
    let runs = 0;
    for (let row = 1; row < 64; row++) {
      const at = (r: number) => rgb[(r * 64 + 32) * 3 + 1]! < 80;
      if (at(row) && !at(row - 1)) runs++;
    }
    return { red, runs };
  };
  assert.equal(centre("sphere").runs, 1);
  assert.equal(centre("torus").runs, 2);
});

test("captions say the scene, and leave clauses out when told", () => {
  const scene: SceneSpec = {
    objects: [
      { shape: "cone", colour: "blue", x: -0.7, z: 0, size: 1, yaw: 0 },
      { shape: "torus", colour: "orange", x: 0.7, z: 0, size: 1, yaw: 0 },
    ],
    ground: "sand",
    sky: "night",
    style: "flat",
    light: 0,
    texture: 1,
  };
  assert.equal(captionOf(scene), "a blue cone left of an orange torus on sand ground under a night sky, flat style");
  assert.equal(
    captionOf(scene, { ground: false, sky: false, style: false, relation: "beside", swap: true }),
    "an orange torus beside a blue cone",
  );
  const random = new Random("captions");
  const said = Array.from({ length: 200 }, () => randomCaption(scene, () => random.uniform(), 0.5));
  assert.ok(said.some((caption) => !caption.includes("sky")) && said.some((caption) => caption.includes("sky")));
  for (const caption of said) {
    const swapped = caption.startsWith("an orange torus");
    assert.ok(!swapped || !caption.includes("left of"), caption);
  }
});
