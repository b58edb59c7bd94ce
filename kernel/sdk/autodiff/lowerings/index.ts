import type { LoweringTable } from "../lowering.ts";
import { crossEntropyLowerings } from "./cross-entropy.ts";
import { normalizationLowerings } from "./normalization.ts";
import { paddingLowerings } from "./padding.ts";
import { resamplingLowerings } from "./resampling.ts";

/** How composite operators are written in terms of those that have gradient rules. */
export const lowerings: LoweringTable = {
  ...normalizationLowerings,
  ...crossEntropyLowerings,
  ...paddingLowerings,
  ...resamplingLowerings,
};
