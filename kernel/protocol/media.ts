import { z } from "zod";

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Bytes kept in the store's artifact folder, known by their content. */
export const artifactRef = z.strictObject({
  sha256,
  /** Size in bytes. */
  bytes: z.number().int().nonnegative(),
  mime: z.string(),
});
export type ArtifactRef = z.infer<typeof artifactRef>;

/** Media inside an output: bytes in base64 when small, else a reference that the renderer asks for by message. */
export const media = z.union([z.strictObject({ mime: z.string(), base64: z.string() }), artifactRef]);
export type Media = z.infer<typeof media>;
