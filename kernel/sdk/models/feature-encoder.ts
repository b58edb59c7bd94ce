import { statSync } from "node:fs";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import type { Image } from "../media/index.ts";
import { type EngineSession, sharedEngine } from "../onnx/index.ts";
import { float32, type Tensor } from "../tensor/index.ts";
import { type ClipTokenizer, readClipTokenizer } from "./clip-tokenizer.ts";
import { feed } from "./feeds.ts";
import { type ImageProcessor, readImageProcessor } from "./image-processor.ts";
import { type LoadedModel, loadModel } from "./load.ts";
import { sharedSessions } from "./session-pool.ts";

/** Points pictures and texts into one space, where nearness means likeness. */
export interface FeatureEncoder {
  /** The model's id; metrics name it, because values of different encoders do not compare. */
  readonly id: string;
  readonly model: LoadedModel;
  /** Unit vectors of pictures, [n, width]. */
  images(images: readonly Image[]): Promise<Tensor<"float32">>;
  /** Unit vectors of texts, [n, width]. */
  texts(texts: readonly string[]): Promise<Tensor<"float32">>;
}

export interface FeatureEncoderOptions {
  /** Pictures or texts in one run. Default 32. */
  batch?: number;
}

/** Where transformers.js and Optimum put the halves of a CLIP model. */
const halves = {
  text: ["onnx/text_model.onnx", "text_model.onnx"],
  image: ["onnx/vision_model.onnx", "vision_model.onnx"],
} as const;

/**
 * Opens a CLIP-like pair of encoders in the transformers ONNX layout. Default: `tiny-clip`.
 *
 * @throws AssayError `model.not-found`, `model.layout`, `model.config`
 */
export function featureEncoder(
  model: string | LoadedModel = "tiny-clip",
  { batch = 32 }: FeatureEncoderOptions = {},
): FeatureEncoder {
  const loaded = typeof model === "string" ? loadModel(model) : model;
  if (loaded.layout !== "transformers-onnx") throw problem.modelLayout(loaded.id, loaded.layout, "transformers-onnx");
  let tokenizer: ClipTokenizer | undefined;
  let processor: ImageProcessor | undefined;

  const encode = async <T>(
    half: keyof typeof halves,
    items: readonly T[],
    run: (session: EngineSession, part: readonly T[]) => Promise<Tensor>,
  ): Promise<Tensor<"float32">> => {
    const { signal } = cellContext();
    const path = loaded.file(halves[half].find((candidate) => loaded.has(candidate)) ?? halves[half][0]);
    const name = `${loaded.id} ${half} encoder`;
    const open = () => sharedEngine().load(path, { name });
    const label = { model: loaded.id, part: `${half} encoder` };
    const inSession = async (session: EngineSession) => {
      const rows: Float32Array[] = [];
      for (let start = 0; start < items.length; start += batch) {
        signal.throwIfAborted();
        const { data, dims } = (await run(session, items.slice(start, start + batch))).toFloat32();
        const width = dims.at(-1)!;
        for (let i = 0; i < data.length; i += width) rows.push(unit(data.subarray(i, i + width)));
      }
      const width = rows[0]?.length ?? 0;
      const all = new Float32Array(rows.length * width);
      for (const [i, row] of rows.entries()) all.set(row, i * width);
      return float32(all, [rows.length, width]);
    };
    return sharedSessions().use(`${loaded.sha256}/${half}`, statSync(path).size, open, inSession, label);
  };

  return {
    id: loaded.id,
    model: loaded,
    images: (images) =>
      encode("image", images, async (session, part) => {
        processor ??= readImageProcessor(loaded.file("preprocessor_config.json"));
        const { size } = processor;
        const pixels = new Float32Array(part.length * 3 * size * size);
        for (const [i, image] of part.entries()) pixels.set(await processor.process(image), i * 3 * size * size);
        const feeds = { pixel_values: feed(session, "pixel_values", pixels, [part.length, 3, size, size]) };
        return only(session, await session.run(feeds, { signal: cellContext().signal }), "image_embeds");
      }),
    texts: (texts) =>
      encode("text", texts, async (session, part) => {
        tokenizer ??= readClipTokenizer(loaded.folder, fixedLength(session));
        const ids = part.flatMap((text) => tokenizer!.encode(text));
        const dims = [part.length, tokenizer.length];
        const feeds: Record<string, Tensor> = { input_ids: feed(session, "input_ids", ids, dims) };
        if (session.inputs.some(({ name }) => name === "attention_mask")) {
          feeds.attention_mask = feed(
            session,
            "attention_mask",
            ids.map(() => 1),
            dims,
          );
        }
        return only(session, await session.run(feeds, { signal: cellContext().signal }), "text_embeds");
      }),
  };
}

/** The length of `input_ids`, where the network fixes it. */
export function fixedLength(session: EngineSession): number | undefined {
  const length = session.inputs.find(({ name }) => name === "input_ids")?.dims[1];
  return typeof length === "number" && length > 0 ? length : undefined;
}

function only(session: EngineSession, outputs: Record<string, Tensor>, name: string): Tensor {
  const found = outputs[name];
  if (!found)
    throw problem.modelConfig(
      session.name,
      `the network has no output ${name}, but ${Object.keys(outputs).join(", ")}`,
    );
  return found;
}

/** A vector of length 1 in the same direction; a zero vector stays. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}
