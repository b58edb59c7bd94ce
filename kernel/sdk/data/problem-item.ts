import type { ComplianceMode } from "../../protocol/compliance.ts";
import type { ComplianceItem } from "../../protocol/outputs.ts";
import { inOtherModes } from "../compliance/index.ts";
import type { CollectionProblem } from "./item.ts";

/** A file that could not be used, as the compliance output of `mode` shows it: no mode admits it. */
export function problemItem({ file, code, reason, remedy }: CollectionProblem, mode: ComplianceMode): ComplianceItem {
  return {
    id: file,
    licenceClass: "unknown",
    bytes: 0,
    admitted: false,
    rule: code,
    reason: `${reason}. ${remedy}`,
    verdicts: inOtherModes(mode, () => ({ admitted: false, rule: code, reason })),
    evidence: [],
    flags: [],
  };
}
