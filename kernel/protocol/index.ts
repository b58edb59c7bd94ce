export type { CellContext, OpenNetwork, Participant, Prompt, RecordEvent } from "./cell-context.ts";
export {
  type ComplianceMode,
  complianceMode,
  complianceModes,
  type LicenceClass,
  licenceClass,
  licenceClasses,
} from "./compliance.ts";
export { type EntryPoint, entryPoint } from "./entry-points.ts";
export {
  type Breach,
  type Lineage,
  type LineageMember,
  type LineageNode,
  type LineageOrigin,
  lineage,
  type Violation,
  violation,
} from "./lineage.ts";
export { type ArtifactRef, artifactRef, type Media, media, sha256 } from "./media.ts";
export type * from "./messages.ts";
export { assayMime, type MimeBundle, type OutputKind, outputKinds } from "./mime.ts";
export * from "./outputs.ts";
export { AssayError, type Problem } from "./problem.ts";
export {
  type ExecutionRecord,
  type ExecutionSummary,
  executionRecord,
  executionSummary,
  type OutputSummary,
  outputSummary,
  participant,
  type RecordedParticipant,
  type ReplayVerdict,
  type Reproducible,
  type RunOrder,
  replayVerdict,
  reproducible,
  runOrder,
} from "./record.ts";
export { recordVersion } from "./record-version.ts";
export {
  defaultStaleness,
  type NotebookMethods,
  type StaleCause,
  type StaleCell,
  type StaleEvent,
  type StalenessMode,
  stalenessModes,
} from "./staleness.ts";
export type {
  ValueKind,
  ValueMember,
  ValueMembers,
  ValueMembersRequest,
  ValuePath,
  ValueSummary,
  Variable,
  VariableList,
  VariableMethods,
} from "./variables.ts";
