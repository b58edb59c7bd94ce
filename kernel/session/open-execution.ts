import type { RecordEvent } from "../protocol/cell-context.ts";
import type { RecordedParticipant, RunOrder } from "../protocol/record.ts";
import type { CellNames, ExecutionEnd, ExecutionStart } from "./record-writing.ts";
import type { OutputSlot, RecordedOutputs } from "./recorded-outputs.ts";

/** What the recorder holds of an execution until its end is in the database. */
export interface OpenExecution {
  readonly id: string;
  readonly start: ExecutionStart;
  /** On the clock that never goes back. */
  readonly startedAt: number;
  /** ISO 8601. */
  readonly began: string;
  /** True once its row is in the database. */
  entered: boolean;
  /** True once its row, and what lay beside it, are gone with the database. */
  lost: boolean;
  readonly outputs: RecordedOutputs;
  /** Events that are not in the database yet. */
  events: RecordEvent[];
  readonly participants: RecordedParticipant[];
  names: CellNames | undefined;
  order: RunOrder | undefined;
  seal: Seal | undefined;
}

/** The end of an execution, computed once. */
export interface Seal {
  readonly end: ExecutionEnd;
  readonly endedAt: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly parents: readonly string[];
  readonly upstream: readonly string[];
  readonly outputHashes: readonly string[];
  readonly contentId: string;
}

/** What came for an execution after its seal and is not in the database yet. */
export interface LateArrivals {
  readonly slots: OutputSlot[];
  readonly events: RecordEvent[];
}
