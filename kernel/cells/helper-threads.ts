import { readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** How far V8's threads stand back, in steps of `nice`: a third of another thread's time on a core that both want, and all that is left otherwise. */
const standBack = 5;

/**
 * Lets V8's helper threads, which compile what is hot and collect garbage, stand back behind the threads that somebody waits for. Right after
 * the start they have nearly as much to do as the cells, on the same few cores. Linux, where threads have priorities of their own; elsewhere nothing happens.
 */
export function helpersStandBack(): void {
  if (process.platform !== "linux") return;
  try {
    const nice = Math.min(getPriority() + standBack, 19);
    for (const id of readdirSync("/proc/self/task"))
      if (readFileSync(`/proc/self/task/${id}/comm`, "utf8").startsWith("V8Worker")) setPriority(Number(id), nice);
  } catch {
    // Where they cannot be told apart or set they stay as they are.
  }
}
