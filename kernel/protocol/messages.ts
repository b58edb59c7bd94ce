import type { OpenNetwork, RecordEvent } from "./cell-context.ts";
import type { CellSource } from "./cell-source.ts";
import type { ComplianceMode } from "./compliance.ts";
import type { Violation } from "./lineage.ts";
import type { Output } from "./outputs.ts";
import type { StaleEvent, StalenessMode } from "./staleness.ts";

export type { CellSource };

/* Front end ⇄ session: JSON-RPC methods (vscode-jsonrpc over stdio, or called in process). */

export interface NotebookInfo {
  /** Absolute path of the notebook file; its folder is where imports and relative paths start. */
  readonly path: string;
  /** `metadata.assay.id`. */
  readonly id: string;
  readonly mode: ComplianceMode;
  readonly seed: number;
  /** Store folder chosen by option or setting; found from the notebook's folder otherwise. */
  readonly store?: string;
  /** Root of the workspace that the editor has open: where a store is made that is neither chosen nor there, outside of git. */
  readonly workspace?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Media below this many bytes stay inside the output. Default 65,536. */
  readonly inlineLimit?: number;
  /** What to do about cells whose inputs have changed. Default `mark`. */
  readonly staleness?: StalenessMode;
}

/** How a cell execution ended. */
export type ExecutionStatus = "ok" | "error" | "interrupted" | "crashed" | "aborted";

export interface ExecutionReply {
  readonly executionId: string;
  readonly executionCount: number;
  readonly status: ExecutionStatus;
  /** Set when the record was sealed. */
  readonly contentId?: string;
  /** Set when what it made or showed breaks its compliance mode. */
  readonly violation?: Violation;
  /** Milliseconds. */
  readonly duration: number;
}

export type SessionState = "starting" | "idle" | "busy" | "restarting" | "crashed" | "closed";

/** What the session tells a front end, in order. */
export type SessionEvent =
  | { readonly type: "state"; readonly state: SessionState; readonly detail?: string }
  | { readonly type: "started"; readonly cellId: string; readonly executionId: string; readonly executionCount: number }
  | {
      readonly type: "output";
      readonly cellId: string;
      readonly executionId: string;
      readonly output: Output;
      readonly late?: boolean;
    }
  | {
      readonly type: "ask";
      readonly questionId: string;
      readonly cellId: string;
      readonly executionId: string;
      readonly kind: "input" | "confirm" | "secret";
      readonly message: string;
    }
  | StaleEvent
  /** Networks that the cells hold open, after each change. `memory`: bytes of the whole cell process when it was told, code and variables included. */
  | { readonly type: "models"; readonly open: readonly OpenNetwork[]; readonly memory: number }
  /** Variables may have changed: after each cell, and when they are gone with their process. */
  | { readonly type: "variables"; readonly version: number };

/* Session ⇄ cell process. Control travels over Node's IPC, output over one extra pipe of framed JSON (fd 3). */

/** What a cell process is started with. */
export interface CellProcessSettings {
  readonly notebookPath: string;
  /** The notebook's folder. */
  readonly baseFolder: string;
  readonly storeFolder: string;
  readonly inlineLimit: number;
  /** Parameters of the notebook: variables from the start, and again after a cell tagged `parameters`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type CellCommand =
  /** The first command, and the only one of its kind. */
  | { readonly type: "open"; readonly settings: CellProcessSettings }
  | {
      readonly type: "execute";
      readonly executionId: string;
      /** Grows from one command of this kind to the next. A command that comes again is not run again. */
      readonly executionCount: number;
      readonly cell: CellSource;
      readonly mode: ComplianceMode;
      readonly seed: number;
      readonly parameters: Readonly<Record<string, unknown>>;
    }
  /** Asks for a `drained` report once nothing is left that could still run. (An interrupt is a line on pipe 4.) */
  | { readonly type: "drain" }
  /** Asks which of the cells a cell needs, for a `needed` report. */
  | { readonly type: "need"; readonly cells: readonly CellSource[]; readonly target: string }
  | {
      readonly type: "answer";
      readonly questionId: string;
      readonly text: string | null;
      /** Why there is no answer: a clause. */
      readonly reason?: string;
    };

/**
 * The execution that an interrupt is meant for. The command to begin it may still be on its way, behind a timer that never comes back; and it may be
 * over when the interrupt arrives.
 */
export interface Interrupt {
  readonly executionId: string;
  readonly executionCount: number;
}

/** What the thread beside the cells reads on pipe 4, a line of JSON each. */
export type LineToCells = { readonly interrupt: Interrupt } | VariableQuestion;

export type VariableQuestion = { readonly id: number } & (
  | { readonly ask: "list" }
  | { readonly ask: "children"; readonly path: readonly string[]; readonly start: number; readonly count: number }
);

/** Its answer on the same pipe, a line of JSON. `gone`: the path leads nowhere. */
export type VariableAnswer = { readonly id: number } & (
  | { readonly answer: unknown }
  | { readonly failed: "gone" | "busy" }
);

/** How a cell ended, as its process tells it. */
export interface CellEnd {
  readonly status: "ok" | "error" | "interrupted";
  /** Peak resident memory of the process in bytes. */
  readonly peakMemory: number;
}

/** How a cell about to run uses the names of the shared scope. */
export interface FrameNames {
  readonly reads: readonly string[];
  /** Names that it declares, assigns or may change in place. */
  readonly writes: readonly string[];
  /** Names that its functions and classes use: when they are called, from whichever cell. */
  readonly later: readonly string[];
  /** True when its text does not tell: it evaluates text. */
  readonly opaque?: true;
}

/** The names of an execution, as the cell process tells them: in the name slot (`name-slot.ts`), or in a frame where it has none. */
export interface NamesOfCell {
  readonly executionId: string;
  readonly names: FrameNames;
}

/** A frame of the output pipe: a mark and a length (`frame-head.ts`), then that many bytes of UTF-8 JSON. */
export type Frame =
  | { readonly executionId: string; readonly output: Output }
  | { readonly executionId: string; readonly event: RecordEvent }
  | {
      readonly executionId: string;
      readonly question: {
        readonly id: string;
        readonly kind: "input" | "confirm" | "secret";
        readonly message: string;
      };
    }
  | NamesOfCell
  /** An error that nobody caught; its text was sent as stderr. */
  | { readonly executionId: string; readonly uncaught: true }
  /** The last frame of a cell: everything it wrote before it was done has been written. */
  | { readonly executionId: string; readonly end: CellEnd }
  /** About the process itself (`executionId` is empty): it takes cells; nothing that cells left behind can still run. */
  | { readonly executionId: string; readonly report: "ready" | "drained" }
  /** It was stopped where it was (`executionId` is empty): a command that came just then may be lost. */
  | { readonly executionId: string; readonly stopped: true }
  | { readonly executionId: string; readonly needed: { readonly target: string; readonly cells: readonly string[] } }
  | {
      readonly executionId: string;
      readonly networks: { readonly open: readonly OpenNetwork[]; readonly memory: number };
    };
