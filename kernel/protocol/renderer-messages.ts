import { z } from "zod";
import { sha256 } from "./media.ts";

/* Renderer ⇄ extension, over VS Code's renderer messaging. Both ends check what they receive. */

/** A renderer asks for bytes that its output holds by reference only, or for something only the extension may do. */
export const rendererRequest = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("artifact"), sha256 }),
  z.strictObject({
    type: z.literal("save"),
    /** Proposed file name. */
    name: z.string().max(200),
    base64: z.string(),
  }),
  /** Open the record of an execution. */
  z.strictObject({ type: z.literal("record"), id: z.string().regex(/^[0-9a-f-]{6,64}$/) }),
]);
export type RendererRequest = z.infer<typeof rendererRequest>;

/** The extension's answer. `artifact` carries the whole content, already checked against its hash. */
export const rendererReply = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("artifact"), sha256, base64: z.string() }),
  z.strictObject({ type: z.literal("refused"), sha256, reason: z.string() }),
]);
export type RendererReply = z.infer<typeof rendererReply>;
