import { type MemoryRoom, memoryRoom } from "./memory-limits.ts";
import { groupUse, taskCount } from "./process-group.ts";

/** Milliseconds between two looks: usually, and when there is little room. */
const interval = { usual: 250, tight: 40 };
/** Below this part of the memory there is little room. */
const tight = 0.4;
/** Processes that cells may have running at once. */
const mostProcesses = 1000;

/** Where the room is told; a test passes its own. */
export interface WatchOptions {
  readonly room?: () => MemoryRoom | undefined;
}

/**
 * Watches what a cell process and all that its cells started use: memory (buffers outside the heap included) and the number of
 * processes. Calls `exceeded` once, with the reason, before the machine or the container runs out. Only where `/proc` tells (Linux);
 * elsewhere the operating system decides.
 */
export function watchGroup(
  pid: number,
  exceeded: (reason: string) => void,
  { room = memoryRoom() }: WatchOptions = {},
): Disposable {
  const tasks = taskCount();
  let before: { readonly available: number; readonly at: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const stop = (reason: string) => {
    stopped = true;
    exceeded(reason);
  };

  const look = () => {
    const now = room();
    if (!now) return;
    const at = performance.now();
    // How much will be gone at the next look, if it goes on like this.
    const speed = before ? Math.max(0, before.available - now.available) / Math.max(1, at - before.at) : 0;
    before = { available: now.available, at };
    const narrow = now.available < now.total * tight;
    const ahead = speed * interval.tight * 2;
    if (now.available - ahead < reserveOf(now.total)) {
      const { memory } = groupUse(pid);
      if (memory > now.total / 4) return stop(memoryReason(memory, now));
    }
    if (taskCount() - tasks > mostProcesses) {
      const { processes } = groupUse(pid);
      if (processes > mostProcesses) return stop(`it had started ${processes} processes that were all running`);
    }
    const took = performance.now() - at;
    next(narrow ? Math.max(interval.tight, took * 10) : interval.usual);
  };

  const next = (delay: number) => {
    if (!stopped) timer = setTimeout(look, delay).unref();
  };
  next(interval.usual);
  return {
    [Symbol.dispose]: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Bytes that must stay free, so that the system does not start to end processes by itself. */
function reserveOf(total: number): number {
  return Math.min(Math.max(total * 0.06, 32 * 2 ** 20), 2 ** 30);
}

function memoryReason(memory: number, { total, of }: MemoryRoom): string {
  const limit = of === "machine" ? "this machine has" : "this container may use";
  return `it used ${gigabytes(memory)} of the ${gigabytes(total)} of memory that ${limit}. Work on the data in smaller pieces, or let go of what is not needed`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
