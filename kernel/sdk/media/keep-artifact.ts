import type { CellContext } from "../../protocol/cell-context.ts";
import type { ArtifactRef } from "../../protocol/media.ts";
import { AssayError } from "../../protocol/problem.ts";
import { openArtifacts } from "../../store/artifacts.ts";
import { hashOf } from "../../store/canonical.ts";
import { cellContext } from "../host.ts";

const told = new WeakSet<CellContext>();

/**
 * Keeps bytes in the store and gives the reference to them. A store that cannot take them (full, read-only) must not cost the work of
 * a cell: the reference is right all the same, `kept` is false, and the cell says once what is missing.
 */
export function keepArtifact(bytes: Uint8Array, mime: string): { readonly ref: ArtifactRef; readonly kept: boolean } {
  const context = cellContext();
  try {
    return { ref: openArtifacts(context.storeFolder).putSync(bytes, mime), kept: true };
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    if (!told.has(context)) {
      const text = `Not kept in the store: ${error.message} What this cell made is usable here all the same.\n`;
      context.emit({ type: "stream", name: "stderr", text });
    }
    told.add(context);
    return { ref: { sha256: hashOf(bytes), bytes: bytes.byteLength, mime }, kept: false };
  }
}
