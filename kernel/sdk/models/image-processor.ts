import { readFileSync } from "node:fs";
import { z } from "zod";
import { problem } from "../errors.ts";
import type { Image } from "../media/index.ts";

const size = z.union([
  z.number().int().positive(),
  z.object({ shortest_edge: z.number().int().positive() }).transform((value) => value.shortest_edge),
  z
    .object({ height: z.number().int().positive(), width: z.number().int().positive() })
    .transform((value) => value.height),
]);
const processorConfig = z.object({
  size: size.optional(),
  crop_size: size.optional(),
  image_mean: z.array(z.number()).length(3).default([0.48145466, 0.4578275, 0.40821073]),
  image_std: z.array(z.number()).length(3).default([0.26862954, 0.26130258, 0.27577711]),
});

/** Makes pictures into what an image encoder takes. */
export interface ImageProcessor {
  /** Edge of the square that the encoder sees, in pixels. */
  readonly size: number;
  /** Planes (channel, row, column) of one picture: cut to a square, resized, normalised by mean and deviation. */
  process(image: Image): Promise<Float32Array>;
}

/** Reads `preprocessor_config.json`. @throws AssayError `model.config` */
export function readImageProcessor(file: string): ImageProcessor {
  let config: z.output<typeof processorConfig>;
  try {
    config = processorConfig.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw problem.modelConfig(
      file,
      cause instanceof Error ? cause.message.replace(/\s+/g, " ").slice(0, 200) : String(cause),
      cause,
    );
  }
  const edge = config.crop_size ?? config.size ?? 224;
  return {
    size: edge,
    async process(image) {
      const planes = (await image.resize(edge, edge)).planes();
      const area = edge * edge;
      return planes.map((value, i) => {
        const channel = Math.floor(i / area);
        return ((value + 1) / 2 - config.image_mean[channel]!) / config.image_std[channel]!;
      });
    },
  };
}
