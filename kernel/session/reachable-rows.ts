import { statSync } from "node:fs";
import { AssayError } from "../protocol/problem.ts";
import { storeProblem } from "../store/problems.ts";
import type { RecordRows } from "./record-rows.ts";

/** Milliseconds after a failure before the store is tried again, so that cells do not wait for it each time: longer and longer. */
const pauses = { first: 1000, longest: 16_000 };

export interface ReachableRowsOptions {
  /** Opens the database, makes it when missing, and enters the session. Throws when that cannot be done. */
  readonly open: () => RecordRows;
  /** The file of the database. */
  readonly path: string;
  /** The database that was open is gone, with all that it held: it was deleted or moved while in use. */
  readonly onGone: () => void;
  /** Work failed after it had gone well. Called once, until work goes well again. */
  readonly onTrouble: (trouble: AssayError) => void;
  /** Work went well again. */
  readonly onEnd: () => void;
}

/** The rows of a session in a store that may be full, locked, read-only, damaged or gone: work on them fails without throwing. */
export class ReachableRows {
  readonly #options: ReachableRowsOptions;
  #rows: RecordRows | undefined;
  /** Which file is open, whatever lies at its path now. */
  #file = "";
  #trouble = false;
  #pause = 0;
  #nextTry = 0;

  constructor(options: ReachableRowsOptions) {
    this.#options = options;
  }

  /** Milliseconds between tries, as things stand; 0 where there is no trouble. */
  get pause(): number {
    return this.#pause;
  }

  /** Opens the store. Throws an `AssayError` when that cannot be done; work tries again. */
  open(): void {
    this.#rows = this.#options.open();
    this.#file = fileAt(this.#options.path);
  }

  /** Does work that matters, now or (when it failed just before) not at all. Tells whether it was done. */
  attempt(work: (rows: RecordRows) => void): boolean {
    if (performance.now() < this.#nextTry) return false;
    return this.insist(work);
  }

  /** As `attempt`, also right after a failure. */
  insist(work: (rows: RecordRows) => void): boolean {
    try {
      work(this.#reach());
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#pause = 0;
    this.#nextTry = 0;
    if (this.#trouble) this.#options.onEnd();
    this.#trouble = false;
    return true;
  }

  /** For work that only adds comfort or is tried again: its failure is no trouble. */
  quietly<T>(work: (rows: RecordRows) => T): T | undefined {
    try {
      return this.#rows && work(this.#rows);
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.quietly((rows) => rows.close());
    this.#rows = undefined;
  }

  #reach(): RecordRows {
    if (this.#rows && fileAt(this.#options.path) !== this.#file) {
      this.close();
      this.#options.onGone();
    }
    if (!this.#rows) this.open();
    return this.#rows!;
  }

  #failed(error: unknown): void {
    const { path, onTrouble } = this.#options;
    const trouble = error instanceof AssayError ? error : storeProblem.failed(path, String(error), error);
    this.#pause = Math.min(pauses.longest, this.#pause * 2 || pauses.first);
    this.#nextTry = performance.now() + this.#pause;
    // What is full or locked stays open; whatever else it is, a new connection may do better.
    if (!/^store\.(full|busy)$/.test(trouble.code)) this.close();
    if (this.#trouble) return;
    this.#trouble = true;
    onTrouble(trouble);
  }
}

function fileAt(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.dev}:${file.ino}` : "";
}
