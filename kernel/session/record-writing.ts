import type { RecordEvent } from "../protocol/cell-context.ts";
import type { ComplianceMode } from "../protocol/compliance.ts";
import type { Violation } from "../protocol/lineage.ts";
import type { ExecutionStatus } from "../protocol/messages.ts";
import type { Output } from "../protocol/outputs.ts";
import type { RunOrder } from "../protocol/record.ts";
import type { RecordDatabase } from "../store/database.ts";

/** What a session says about itself when it opens its recorder. */
export interface RecorderOptions {
  /** The folder that holds `records.sqlite` and `artifacts/`, from `findStore` of `kernel/store/location`. It is made when missing. */
  readonly storeFolder: string;
  readonly notebook: {
    /** `metadata.assay.id`. */
    readonly id: string;
    /** Absolute path of the notebook file. */
    readonly path: string;
  };
  /** Any unique text; `uuidv7()` of `kernel/store/ids` makes one. */
  readonly sessionId: string;
  /** Takes the environment snapshot in the background, after start. Default true. */
  readonly snapshot?: boolean;
  /** Milliseconds that what begins waits to be written, unless something ends before. Default 0: until the running turn of the event loop is over. */
  readonly delay?: number;
  /** Whether a store that cannot be opened is an error. Default false: cells run without being recorded, until it can. */
  readonly required?: boolean;
  /** Hears, in words for the user, when executions are not recorded, and when they are again. */
  readonly tell?: (text: string) => void;
}

/** What is known when a cell is about to start. */
export interface ExecutionStart {
  readonly cell: {
    readonly id: string;
    readonly index: number;
    readonly source: string;
    readonly tags?: readonly string[];
  };
  /** Starts with 1 and grows by one with every new cell process of the session. */
  readonly epoch: number;
  /** Counts the executions of the epoch, from 1. */
  readonly executionCount: number;
  readonly seed: number;
  readonly mode: ComplianceMode;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Version of the compliance policy in force. Default `"1"`. */
  readonly policyVersion?: string;
}

/** Top-level names of the shared scope that a cell reads and writes, found by looking at its source. */
export interface CellNames {
  /** Free names that are not the cell's own declarations. Names that no earlier cell wrote (globals) are ignored. */
  readonly reads: readonly string[];
  /**
   * Names that the cell declares, assigns, or may change in place (`list.push(1)`, `object.x = 2`). A later reader depends on the
   * last writer alone, so a name that the cell changes in place, or assigns only sometimes, belongs in `reads` too.
   */
  readonly writes: readonly string[];
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly status: ExecutionStatus;
  /** One clause for people, for example `exit code 134` after a crash. */
  readonly detail?: string;
  /** Peak resident memory of the cell process in bytes. */
  readonly peakMemory?: number;
  /** How what it made or showed breaks its mode. */
  readonly violation?: Violation;
}

/**
 * The only writer of the record database. One per session; all methods but `close` are synchronous, take well under a millisecond, and
 * never throw. What `begin` and `seal` tell is written as soon as the running turn of the event loop is over, so that a cell and its
 * reply do not wait for the disk. A store that cannot be written (full disk, read-only folder, damage, deletion) stops nothing: what
 * waits is kept in memory and tried again, and the user is told.
 */
export interface Recorder extends AsyncDisposable {
  /** Opens the record, before the cell starts, and returns its execution id: a UUIDv7, greater than all that came before it. */
  begin(start: ExecutionStart): string;
  /**
   * Tells which names the cell reads and writes, any time between `begin` and `seal`. Without it the execution counts as
   * reading all that ran before it in its epoch, and as read by all that runs after it. `order` says how the execution stands to the
   * order of the notebook, where that is known.
   */
  names(executionId: string, names: CellNames | undefined, order?: RunOrder): void;
  /** The cell of an execution of this session, also long after it ended. */
  cellOf(executionId: string): string | undefined;
  /** Adds an output in the order of arrival. After `seal`, or with `late`, it becomes an appended row that no hash covers. */
  output(executionId: string, output: Output, late?: boolean): void;
  /** Adds lineage and domain rows. After `seal` the rows are kept, marked late. */
  event(executionId: string, event: RecordEvent): void;
  /** Closes the record, whatever the end, and returns its content id. A second call for the same id returns the first content id. */
  seal(executionId: string, end: ExecutionEnd): string;
  /** Writes what waits, now. What cannot be written goes on waiting. */
  flush(): void;
  /** Writes what is pending, and lets `work` read the database; `undefined` where that cannot be done. */
  reading?<T>(work: (database: RecordDatabase) => T): T | undefined;
  /** Writes what is pending, waits for the environment snapshot (at most a second) and closes the database. */
  close(): Promise<void>;
}

/** Opens the store, makes it when missing, and enters the session in it. Throws an `AssayError` when that cannot be done and is `required`. */
export type OpenRecorder = (options: RecorderOptions) => Recorder;
