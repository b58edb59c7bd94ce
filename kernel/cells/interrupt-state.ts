/** How far the last interrupt has come: the main thread is asked to stop by itself, goes on by itself, or is being stopped. */
const progress = { asked: 0, going: 1, stopping: 2 } as const;
/** The places in the memory. `latest` and `begun` are counts of executions: that which was interrupted last, and that which came last. */
const place = { progress: 0, latest: 1, begun: 2 } as const;
/** Milliseconds that the main thread waits for its stop at most: longer, and the other thread is gone. */
const stopPatience = 10_000;

// Taken here, so that cells may replace them without harm.
const { compareExchange, load, notify, store, wait } = Atomics;

/**
 * What the main thread, which runs the cells, and the thread that interrupts it agree on, in memory that both see. A stop hits whatever the
 * main thread does when it comes. So none is sent once the main thread has gone on by itself, and while one is on its way the main thread
 * begins nothing that must not be hit.
 */
export class InterruptState {
  readonly memory: Int32Array;

  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(12))) {
    this.memory = memory;
  }

  /** The main thread says that the command of an execution is here, and waits where it is about to be stopped. */
  begins(executionCount: number): void {
    // In this order: either the other thread sees that what it was to interrupt is over, or it is seen here that it stops this thread.
    store(this.memory, place.begun, executionCount);
    this.goesOn();
  }

  /** The main thread says that it does not hang. Where it is too late for that, it waits here for its stop, which would hit what it does next. */
  goesOn(): void {
    if (this.#move("asked", "going") === progress.stopping)
      wait(this.memory, place.progress, progress.stopping, stopPatience);
    else notify(this.memory, place.progress);
  }

  /** Whether an execution was interrupted before it came. */
  wasInterrupted(executionCount: number): boolean {
    return load(this.memory, place.latest) === executionCount;
  }

  /**
   * The other thread wants an execution to end, and all that came before it. False where nothing needs to be done: a later one has come, or a
   * stop is on its way, which this one cannot escape.
   */
  asks(executionCount: number): boolean {
    store(this.memory, place.latest, executionCount);
    if (this.#move("going", "asked") === progress.stopping) return false;
    return load(this.memory, place.begun) <= executionCount;
  }

  /** The other thread gives the main one `patience` milliseconds to go on by itself. True when it has to be stopped. */
  mustStop(patience: number): boolean {
    wait(this.memory, place.progress, progress.asked, patience);
    return this.#move("asked", "stopping") === progress.asked;
  }

  /** The other thread says that the stop is over. */
  stopped(): void {
    store(this.memory, place.progress, progress.going);
    notify(this.memory, place.progress);
  }

  /** Gives what it was before. */
  #move(from: keyof typeof progress, to: keyof typeof progress): number {
    return compareExchange(this.memory, place.progress, progress[from], progress[to]);
  }
}
