import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The file with the types of "assay": `dist/types/sdk/index.d.ts` of the built product; from source, where that was not built, the
 * SDK itself. Undefined where neither is there.
 */
export function assayTypesFile(): string | undefined {
  const fromSource = import.meta.url.endsWith(".ts");
  const places = fromSource ? ["../sdk/index.ts"] : ["../types/sdk/index.d.ts", "../../kernel/sdk/index.ts"];
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
}
