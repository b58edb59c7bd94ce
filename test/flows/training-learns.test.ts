import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { data, generate, type Image, metrics, train } from "../../kernel/sdk/index.ts";

const samples = fileURLToPath(new URL("../../samples/", import.meta.url));
const options = { rank: 8, targets: "all", learningRate: 4e-3, batch: 4, seed: 1 } as const;

let dataset: data.Dataset;
let reference: Image[];
let prompts: string[];

before(async () => {
  const collection = await data.collect(`${samples}corpus`);
  dataset = data.dataset(collection, {
    mode: "open_source_only",
    name: "blueprint",
    filter: (item) => item.caption.includes("blueprint"),
  });
  reference = await data.images(`${samples}reference/blueprint`);
  const heldOut = await data.collect(`${samples}reference/manifest.json`);
  // Scenes of another style, so that pictures and reference are independent of each other.
  prompts = heldOut.items
    .filter((item) => item.caption.includes("risograph"))
    .map((item) => item.caption.replace("risograph", "blueprint"));
});

async function distance(loras: Parameters<typeof generate.image>[0]["loras"]): Promise<metrics.Measure> {
  const images = await generate.image({ prompts, seed: 100, steps: 12, guidance: 2, loras });
  return metrics.kid(images, reference);
}

test("a LoRA moves the model towards its style by more than chance, and one without training does not", async () => {
  const untrained = await train.lora({ ...options, dataset, name: "untrained", steps: 0 });
  const trained = await train.lora({ ...options, dataset, name: "trained", steps: 300 });
  const base = await distance([]);
  const still = await distance([{ lora: untrained }]);
  const moved = await distance([{ lora: trained }]);
  assert.equal(still.value, base.value);
  assert.ok(
    moved.high! < base.low!,
    `KID ${base.value} [${base.low}, ${base.high}] → ${moved.value} [${moved.low}, ${moved.high}]`,
  );
});

test("the same seed gives the same LoRA and the same pictures, to the byte", async () => {
  const [first, second] = [
    await train.lora({ ...options, dataset, name: "twice", steps: 12 }),
    await train.lora({ ...options, dataset, name: "twice", steps: 12 }),
  ];
  assert.equal(first.sha256, second.sha256);
  const wanted = { prompts: prompts.slice(0, 3), seed: 5, steps: 8 };
  const one = await generate.image({ ...wanted, loras: [{ lora: first }] });
  const two = await generate.image({ ...wanted, loras: [{ lora: second }] });
  assert.deepEqual(
    one.map((image) => image.pixelHash),
    two.map((image) => image.pixelHash),
  );
});
