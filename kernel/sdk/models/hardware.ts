import { availableParallelism, cpus, totalmem } from "node:os";

/** What this machine offers to models. */
export interface Hardware {
  /** Name of the processor as it gives it. */
  readonly cpu: string;
  /** Threads that this process may use. */
  readonly threads: number;
  /** Bytes of main memory; within a container its limit where one is set. */
  readonly memory: number;
}

/** Looks at the machine. */
export function hardware(): Hardware {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return {
    cpu: cpus()[0]?.model.trim() || process.arch,
    threads: availableParallelism(),
    memory: limit > 0 && limit < total ? limit : total,
  };
}
