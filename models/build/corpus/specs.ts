import { BASE_STYLES } from "../scenes/index.ts";
import type { CorpusSpec } from "./corpus.ts";

/** What UNet and text encoder learn from: base styles, and never a held-out shape–colour pair. */
export const BASE_CORPUS: CorpusSpec = {
  name: "base",
  count: 20_000,
  choices: { styles: BASE_STYLES, pairs: "seen", twoObjects: 0.55 },
};

/** All styles and all pairs: with {@link BASE_CORPUS} what VAE, CLIP pair and judge learn from. */
export const WIDE_CORPUS: CorpusSpec = { name: "wide", count: 9000, choices: { twoObjects: 0.5 } };

/** Fresh scenes of all styles and pairs that nothing learns from: PSNR and the judge's own accuracy are measured on them. */
export const TEST_CORPUS: CorpusSpec = { name: "test", count: 1000, choices: { twoObjects: 0.5 } };
