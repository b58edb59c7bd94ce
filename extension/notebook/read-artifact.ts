import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { RendererReply } from "../../kernel/protocol/renderer-messages.ts";

/**
 * The content of an artifact, or why it is refused. `sha256` must be a hash, which it is after the schema's check: it becomes part of a path.
 */
export async function readArtifact(sha256: string, folders: readonly string[], limit: number): Promise<RendererReply> {
  const refused = (reason: string): RendererReply => ({ type: "refused", sha256, reason });
  const file = folders
    .map((folder) => join(folder, "artifacts", sha256.slice(0, 2), sha256))
    .find((path) => existsSync(path));
  if (file === undefined) return refused("the store of this notebook does not hold it; run the cell again");
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    if (size > limit) return refused(`it has ${size} bytes, more than the setting assay.renderers.sizeLimit allows`);
    const content = await handle.readFile();
    if (createHash("sha256").update(content).digest("hex") !== sha256)
      return refused("its bytes in the store do not match its hash");
    return { type: "artifact", sha256, base64: content.toString("base64") };
  } finally {
    await handle.close();
  }
}
