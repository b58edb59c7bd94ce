import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import type { Weights } from "../nets/net.ts";
import { BASE_STYLES, HELD_OUT_STYLES } from "../scenes/index.ts";
import { VOCABULARY } from "../shapes.ts";

const TABLE = "text_model.embeddings.token_embedding.weight";

/**
 * Gives the words of the styles that the UNet never saw embeddings which its text encoder can tell apart. Training never touched
 * them, and what the encoder learned maps such random vectors to nearly one state, so that no LoRA could tell the styles by their
 * words. Each becomes the mirror image of a known style's word about the mean of all known ones. No other word changes.
 */
export function placeUnseenWords(text: Weights): Weights {
  const table = text.get(TABLE)!;
  const width = table.dims[1]!;
  const data = Float32Array.from(table.data as Float32Array);
  const row = (word: string) => {
    const id = VOCABULARY.vocab[`${word}</w>`]!;
    return data.subarray(id * width, (id + 1) * width);
  };
  const known = BASE_STYLES.map((style) => row(style));
  for (const [index, style] of HELD_OUT_STYLES.entries()) {
    const opposite = known[index + 1]!;
    const place = row(style);
    for (let i = 0; i < width; i++) {
      const mean = known.reduce((sum, one) => sum + one[i]!, 0) / known.length;
      place[i] = 2 * mean - opposite[i]!;
    }
  }
  return new Map([...text, [TABLE, new Tensor("float32", table.dims, data)]]);
}
