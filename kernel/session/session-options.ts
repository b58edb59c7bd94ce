import type { ExecutionStatus, NotebookInfo, SessionEvent } from "../protocol/messages.ts";
import type { OpenRecorder } from "./record-writing.ts";

/** How a session is made. */
export interface SessionOptions {
  readonly notebook: NotebookInfo;
  readonly onEvent?: (event: SessionEvent) => void;
  /** A store that is asked, after the session's own, where content comes from. */
  readonly origins?: string;
  /** Told of the end of a cell as soon as it is known; `execute` resolves when its record is sealed. */
  readonly onEnded?: (executionId: string, status: ExecutionStatus) => void;
  /**
   * Milliseconds that the beginnings and ends of cells wait to be recorded, together: cells that follow each other closely do not share
   * the processor with their records then. What a kill takes is no older. Default 0: recorded at once.
   */
  readonly recordDelay?: number;
  /** Opens the records; the store's own unless a test passes another. */
  readonly openRecorder?: OpenRecorder;
  /** Whether the session must not start without its store. Default false: cells run, and say that they are not recorded. */
  readonly storeRequired?: boolean;
}
