import { z } from "zod";
import { licenceClass } from "../../protocol/compliance.ts";
import { sha256 } from "../../protocol/media.ts";

/** How a model's folder is laid out: as diffusers or as transformers publish ONNX models. */
export const modelLayout = z.enum(["diffusers-onnx", "transformers-onnx"]);
export type ModelLayout = z.infer<typeof modelLayout>;

/** `model.json`: where a model comes from, what may be done with it, and what its files are. Further fields are kept. */
export const modelManifest = z.looseObject({
  /** Name in calls and records, `tiny-scenes`. */
  id: z.string().regex(/^[\w.-]+(\/[\w.-]+)?$/),
  name: z.string(),
  layout: modelLayout,
  description: z.string().default(""),
  version: z.string().optional(),
  /** Where it was published, or what made it. */
  source: z.string(),
  /** SPDX expression, or `LicenseRef-…`. */
  licence: z.string(),
  licenceClass,
  /** Every file by its path in the folder, with `/`. */
  files: z.record(z.string(), z.object({ bytes: z.number().int().nonnegative(), sha256 })),
  /** What it was trained on. */
  trainingData: z.unknown().optional(),
  /** Published figures of its quality. */
  evaluation: z.unknown().optional(),
  /** The command that makes it again. */
  rebuild: z.string().optional(),
});
export type ModelManifest = z.infer<typeof modelManifest>;
