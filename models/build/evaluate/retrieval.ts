import type { TensorMap } from "../../../kernel/sdk/onnx/index.ts";
import { pictureBatch } from "../corpus/batch.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { captionOf } from "../scenes/index.ts";
import { tokenBatch } from "./sample.ts";

type Run = (feeds: TensorMap) => Promise<TensorMap>;

/** How often a picture's own caption is the nearest of 50. Chance is 0.02. */
export async function retrieval(images: Run, texts: Run, test: Corpus): Promise<number> {
  const size = 50;
  const rounds = Math.floor(test.scenes.length / size);
  let right = 0;
  for (let round = 0; round < rounds; round++) {
    const indices = Array.from({ length: size }, (_, i) => round * size + i);
    const captions = indices.map((index) => captionOf(test.scenes[index]!));
    const a = unitRows(
      (await images({ pixel_values: pictureBatch(test.pixels, indices) })).image_embeds!.data as Float32Array,
      size,
    );
    const b = unitRows((await texts({ input_ids: tokenBatch(captions) })).text_embeds!.data as Float32Array, size);
    const alike = (i: number, j: number) => a[i]!.reduce((sum, value, k) => sum + value * b[j]![k]!, 0);
    for (let i = 0; i < size; i++) {
      if (indices.every((_, j) => captions[j] === captions[i] || alike(i, j) < alike(i, i))) right++;
    }
  }
  return right / (size * rounds);
}

function unitRows(data: Float32Array, count: number): Float32Array[] {
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) => {
    const values = data.slice(row * width, (row + 1) * width);
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  });
}
