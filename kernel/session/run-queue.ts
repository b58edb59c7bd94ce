import type { ComplianceMode } from "../protocol/compliance.ts";
import type { CellEnd, CellSource, ExecutionReply, ExecutionStatus } from "../protocol/messages.ts";
import { PauseTimer } from "./pause-timer.ts";

/** Mode and seed that hold for one execution instead of the notebook's. */
export interface ExecutionSettings {
  readonly mode?: ComplianceMode;
  readonly seed?: number;
  /** True when nobody asked for it but a `stale` event. */
  readonly automatic?: boolean;
}

/** The cell that runs. */
export interface Running {
  readonly id: string;
  readonly cell: CellSource;
  readonly executionCount: number;
  /** How it ended, once the last frame has come. */
  end?: CellEnd;
}

/** How an execution ended, as far as is known. */
export interface RunEnd {
  readonly status: ExecutionStatus;
  /** One clause for people. */
  readonly detail?: string | undefined;
  /** Bytes. */
  readonly peakMemory?: number | undefined;
}

/** What the record says of an execution once it is sealed. */
export type Sealed = Pick<ExecutionReply, "contentId" | "violation">;

export interface RunQueueOptions {
  /** Resolves when the cell process takes cells. */
  readonly ready: () => Promise<void>;
  /** Opens the record of a cell. Undefined when the session was closed meanwhile. */
  readonly begin: (cell: CellSource, settings: ExecutionSettings) => Pick<Running, "id" | "executionCount"> | undefined;
  /** Hands the cell to the cell process. */
  readonly begun: (running: Running, settings: ExecutionSettings) => void;
  /** Hears how a cell ended, and returns what seals its record. */
  readonly ended: (running: Running, end: RunEnd) => () => Sealed;
  /** Milliseconds without a cell that seals wait for, and then come together. 0: they come at once. */
  readonly sealDelay: number;
  /** Nothing runs or waits any more. */
  readonly onIdle: () => void;
}

/** How long the wait for a pause may take, in its length. */
const mostDelays = 6;

interface Queued {
  readonly cell: CellSource;
  readonly settings: ExecutionSettings;
  readonly resolve: (reply: ExecutionReply) => void;
  readonly reject: (reason: unknown) => void;
}

interface Current extends Running {
  readonly started: number;
  /** Lets the next cell run. */
  readonly over: () => void;
  readonly resolve: (reply: ExecutionReply) => void;
  readonly reject: (reason: unknown) => void;
  /** True once it was asked to stop. */
  interrupted?: boolean;
  readonly whenSettled: (() => void)[];
}

/** The cells of a session, one after another: those that wait, and the one that runs. */
export class RunQueue {
  readonly #options: RunQueueOptions;
  #waiting: Queued[] = [];
  #running: Current | undefined;
  #working = false;
  /** True when the cell that is next was taken back before it ran. */
  #takenBack = false;
  readonly #unsealed: (() => void)[] = [];
  readonly #sealing: PauseTimer;

  constructor(options: RunQueueOptions) {
    this.#options = options;
    const { sealDelay } = options;
    this.#sealing = new PauseTimer(sealDelay, () => this.sealAll(), mostDelays * sealDelay);
  }

  get running(): Running | undefined {
    return this.#running;
  }

  /** Runs a cell after those that are waiting. */
  execute(cell: CellSource, settings: ExecutionSettings): Promise<ExecutionReply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ cell, settings, resolve, reject });
      void this.#work();
    });
  }

  /** Takes back what waits. */
  abort(): void {
    this.#takenBack = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(aborted);
  }

  /**
   * Waits for the end of the running cell after it was asked to stop. Resolves to false when it does not come within `patience` ms, a
   * quarter of it when this cell was asked before.
   */
  async stopped(patience: number): Promise<boolean> {
    const running = this.#running;
    if (!running) return true;
    const wait = running.interrupted ? patience / 4 : patience;
    running.interrupted = true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), wait);
    running.whenSettled.push(() => resolve(true));
    const settled = await promise;
    clearTimeout(timer);
    return settled;
  }

  /** Ends the running cell, if there is one: seals its record and answers whoever asked for it; the next cell may run meanwhile. */
  settle(end: RunEnd): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    for (const told of running.whenSettled) told();
    const duration = performance.now() - running.started;
    const { id: executionId, executionCount } = running;
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        running.reject(error);
      }
    };
    attempt(() => {
      const seal = this.#options.ended(running, end);
      this.#unsealed.push(() =>
        attempt(() => running.resolve({ executionId, executionCount, status: end.status, ...seal(), duration })),
      );
    });
    this.#sealSoon();
    running.over();
  }

  /**
   * Seals once no cell has begun or ended for a while, since that would take time from the next one; but not for ever, where cells come
   * without a pause.
   */
  #sealSoon(): void {
    if (this.#unsealed.length === 0) return;
    if (this.#options.sealDelay === 0) this.sealAll();
    else this.#sealing.stir();
  }

  /** Seals what waits to be sealed, in order. */
  sealAll(): void {
    this.#sealing.stop();
    for (const seal of this.#unsealed.splice(0)) seal();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#run(next);
    } finally {
      this.#working = false;
    }
    this.#options.onIdle();
  }

  async #run({ cell, settings, resolve, reject }: Queued): Promise<void> {
    this.#takenBack = false;
    try {
      await this.#options.ready();
      const place = this.#takenBack ? undefined : this.#options.begin(cell, settings);
      if (!place) return resolve(aborted);
      const { promise, resolve: over } = Promise.withResolvers<void>();
      this.#running = {
        ...place,
        cell,
        started: performance.now(),
        whenSettled: [],
        over,
        resolve,
        reject,
      };
      this.#options.begun(this.#running, settings);
      this.#sealSoon();
      await promise;
    } catch (error) {
      reject(error);
    }
  }
}

const aborted: ExecutionReply = { executionId: "", executionCount: 0, status: "aborted", duration: 0 };
