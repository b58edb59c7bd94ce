import type { ValueTree } from "../../kernel/protocol/outputs.ts";
import { Tensor } from "../../kernel/sdk/tensor/tensor.ts";
import { valueTree } from "../../kernel/sdk/values/tree.ts";

class Scene {
  readonly objects = ["cube", "torus"];
  light = { angle: 40, colour: "#ffe9c4" };
  get brightness(): number {
    throw new Error("not run");
  }
}

/** A configuration as a researcher would look into one. */
export function configExample(): ValueTree {
  const config: Record<string, unknown> = {
    name: "style-watercolour",
    steps: 1200,
    learningRate: 3e-4,
    resume: false,
    seedOf: new Map<string, number>([
      ["train", 7],
      ["sample", 11],
    ]),
    classes: new Set(["public_domain", "creative_commons"]),
    started: new Date("2024-05-17T09:30:00Z"),
    pattern: /\.(png|jpe?g)$/i,
    losses: Array.from({ length: 240 }, (_, i) => Number((0.9 * Math.exp(-i / 60) + 0.02).toFixed(4))),
    latents: new Tensor("float32", [4, 16, 8, 8], new Float32Array(4 * 16 * 8 * 8)),
    pixels: Uint8Array.from({ length: 3072 }, (_, i) => i % 251),
    scene: new Scene(),
    parameters: 12_884_901_888n,
    prompt: "a red cube on sand, watercolour; ".repeat(40),
    callback: function onStep() {},
    missing: undefined,
    none: null,
    tag: Symbol("run"),
    get lazy() {
      throw new Error("not run");
    },
  };
  config.self = config;
  return valueTree(config);
}

/** An error with its cause. */
export function errorExample(): ValueTree {
  const cause = new TypeError("fetch failed");
  cause.stack = "TypeError: fetch failed\n    at cell #3:2:9";
  const error = new RangeError("the data set “portraits” cannot be loaded", { cause });
  error.stack = "RangeError: the data set “portraits” cannot be loaded\n    at load (cell #3:6:11)\n    at cell #4:1:7";
  return valueTree(Object.assign(error, { code: "dataset.missing" }));
}

/** A list of records, longer than what travels with it. */
export function recordsExample(): ValueTree {
  return valueTree(Array.from({ length: 1500 }, (_, id) => ({ id, prompt: `prompt ${id}`, score: id / 1500 })));
}

/** Trees that mean harm or are broken, and what a person must read in their place. */
export function hostileTrees(): { readonly name: string; readonly text: string; readonly shows: RegExp }[] {
  const markup = `<img src=x onerror="harmed.push(1)"><script>harmed.push(2)</script>`;
  const node = { kind: "string", depth: 0, preview: "p" };
  const example = (name: string, data: unknown, shows: RegExp) => ({ name, text: JSON.stringify(data), shows });
  return [
    { name: "not JSON", text: "{", shows: /cannot be shown/ },
    example("nothing in it", { nodes: [] }, /cannot be shown/),
    example("a list", [], /cannot be shown/),
    example(
      "markup everywhere",
      {
        nodes: [
          { ...node, kind: "object", type: markup, preview: markup, expandable: true },
          { ...node, depth: 1, label: markup, preview: markup, text: markup, access: markup, shape: markup },
        ],
      },
      /<script>harmed/,
    ),
    example(
      "an unknown kind",
      {
        nodes: [
          { ...node, preview: "kept" },
          { ...node, kind: "virus" },
        ],
      },
      /1 part of this output[\s\S]*kept/,
    ),
    example(
      "depths that jump",
      { nodes: [node, { ...node, depth: 90, label: "deep", preview: "still here" }] },
      /still here/,
    ),
    example("a depth beyond all", { nodes: [node, { ...node, depth: 1e9 }] }, /1 part of this output/),
    example(
      "100,000 lines",
      { nodes: Array.from({ length: 100_000 }, (_, i) => ({ ...node, depth: Math.min(i, 1), label: String(i) })) },
      /99/,
    ),
  ];
}
