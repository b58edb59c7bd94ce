import type { RuleTable } from "../rule.ts";
import { binaryRules } from "./binary.ts";
import { convolutionRules } from "./convolution.ts";
import { einsumRules } from "./einsum.ts";
import { elementwiseRules } from "./elementwise.ts";
import { indexingRules } from "./indexing.ts";
import { layoutRules } from "./layout.ts";
import { matMulRules } from "./matmul.ts";
import { normalizationRules } from "./normalization.ts";
import { poolingRules } from "./pooling.ts";
import { reductionRules } from "./reduction.ts";
import { resamplingRules } from "./resampling.ts";

/** The gradient of every operator that has one, written in standard ONNX operators. */
export const gradientRules: RuleTable = {
  ...elementwiseRules,
  ...binaryRules,
  ...matMulRules,
  ...convolutionRules,
  ...poolingRules,
  ...reductionRules,
  ...normalizationRules,
  ...layoutRules,
  ...indexingRules,
  ...einsumRules,
  ...resamplingRules,
};

/** Operators whose result does not change with small changes of their input: gradients end there. */
export const stops: ReadonlySet<string> = new Set(
  "ArgMax ArgMin Ceil Equal Floor Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual NonMaxSuppression NonZero Not OneHot Round Shape Sign Size".split(
    " ",
  ),
);
