export {
  type ComplianceMode,
  complianceModes,
  type LicenceClass,
  licenceClasses,
} from "../../protocol/compliance.ts";
export { type Breach, ComplianceError } from "./compliance-error.ts";
export { complianceItem, inOtherModes, type JudgedItem } from "./compliance-item.ts";
export {
  type Clearance,
  type DatasetStanding,
  gateDataset,
  gateGeneration,
  gateModel,
  gateTraining,
  type ModelStanding,
} from "./gate.ts";
export { datasetClass, type InheritedTerms, inheritedTerms, modelClass, outputClass, worstClass } from "./lineage.ts";
export { defaultPolicy, type Policy, type PolicyChanges, policy } from "./policy.ts";
export {
  type Basis,
  type Evidence,
  type Licence,
  type OptOut,
  type OptOutSignal,
  type Standing,
  type TermFlag,
  type TermFlags,
  termFlags,
  unknownLicence,
} from "./standing.ts";
export { modeWithin, strongest, type Verdict, verdict } from "./verdict.ts";
