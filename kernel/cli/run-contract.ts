import type { ComplianceMode } from "../protocol/compliance.ts";
import type { Violation } from "../protocol/lineage.ts";
import type { ExecutionReply } from "../protocol/messages.ts";

/** What `assay run` was asked. */
export interface RunOptions {
  readonly output?: string;
  /** Parameters by name, as they were written. */
  readonly param: Readonly<Record<string, string>>;
  /** Number, id or tag of the cell to run. */
  readonly only?: string;
  readonly mode?: ComplianceMode;
  readonly seed?: number;
  readonly store?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly allowErrors?: boolean;
  readonly html?: string;
  readonly json?: boolean;
  /** Whether types are checked beside the run. */
  readonly check: boolean;
}

/** What `--json` says of a cell. */
export interface CellResult {
  readonly cell: number;
  readonly id: string;
  readonly status: ExecutionReply["status"] | "skipped";
  readonly executionCount: number | null;
  readonly executionId: string | null;
  readonly contentId: string | null;
  /** How what it made or showed breaks the mode. */
  readonly violation: Violation | null;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly outputs: readonly unknown[];
}
