import { AsyncLocalStorage } from "node:async_hooks";
import type { CellContext } from "../protocol/cell-context.ts";
import type { CellSource } from "../protocol/messages.ts";
import { withContext } from "../sdk/host.ts";

/** One run of a cell, as long as anything that it started may still come back. */
export interface Execution {
  readonly id: string;
  readonly cell: CellSource;
  readonly context: CellContext;
  readonly abort: CellAbort;
  /** What `Math.random` gives in this run. */
  readonly random: { next(): number };
  /** What is still being made for the output. */
  readonly unsettled: ReadonlySet<Promise<unknown>>;
}

/** Thrown into code of an interrupted cell wherever it comes back from an `await`. */
export class InterruptedError extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("The cell was interrupted");
  }
}

// Cells may replace the global.
const { AbortController: NativeController } = globalThis;

/** Says that an execution is to end. Its signal is made when somebody asks for it: hardly any cell does. */
export class CellAbort {
  #controller: AbortController | undefined;
  #reason: InterruptedError | undefined;

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get signal(): AbortSignal {
    this.#controller ??= new NativeController();
    if (this.#reason) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  abort(reason: InterruptedError): void {
    this.#reason ??= reason;
    this.#controller?.abort(reason);
  }
}

const current = new AsyncLocalStorage<Execution>();
let latest: Execution | undefined;

/** Runs `body` as part of an execution, and all that it starts. */
export function within<T>(execution: Execution, body: () => T): T {
  latest = execution;
  return current.run(execution, () => withContext(execution.context, body));
}

/** The execution that the calling code belongs to, also long after its cell has ended. */
export function currentExecution(): Execution | undefined {
  return current.getStore();
}

/** The same, or the cell that ran last when the code belongs to none (a package's own timer, for example). */
export function attributedExecution(): Execution | undefined {
  return current.getStore() ?? latest;
}

/** What `await` in a cell passes through: ends code whose cell was interrupted. */
export function afterAwait<T>(value: T): T {
  if (current.getStore()?.abort.aborted) throw new InterruptedError();
  return value;
}
