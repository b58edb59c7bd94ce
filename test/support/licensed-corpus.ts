import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePng } from "../../kernel/sdk/media/png.ts";
import { captionOf, renderScene, STYLES, sampleScene } from "../../models/build/scenes/index.ts";
import { numbers } from "./numbers.ts";

/** What stands beside a picture. */
export type Sidecar = Readonly<Record<string, unknown>>;

/** Sidecars of one kind each. */
export const sidecars = {
  free: { license: "CC0 1.0", license_url: "https://creativecommons.org/publicdomain/zero/1.0/" },
  attribution: { license: "CC BY 4.0", license_url: "https://creativecommons.org/licenses/by/4.0/" },
  /** Freely licensed, but its author says no to training. */
  optedOut: {
    license: "CC BY 4.0",
    license_url: "https://creativecommons.org/licenses/by/4.0/",
    headers: { "content-usage": "train-ai=n" },
  },
  reserved: { license: "All rights reserved", usage_terms: "All rights reserved" },
} as const satisfies Readonly<Record<string, Sidecar>>;

/** Writes synthetic pictures with sidecars into a folder; each name says what stands beside it: `cat.attribution.png`. */
export function writeCorpus(folder: string, kinds: readonly (keyof typeof sidecars)[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, kind] of kinds.entries()) {
    const scene = sampleScene(numbers(300 + index), { styles: [STYLES[index % 4]!] });
    const { rgb } = renderScene(scene, { size: 64 });
    const name = `${String(index).padStart(2, "0")}-${kind}`;
    writeFileSync(join(folder, `${name}.png`), encodePng({ width: 64, height: 64, channels: 3, data: rgb }));
    const about = {
      title: `Scene ${index}`,
      creator: `Synthetic Author ${index}`,
      source: `https://example.org/${index}`,
      caption: captionOf(scene),
    };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...sidecars[kind], ...about }));
  }
}
