import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** What a process holds after its garbage was collected, in bytes. */
export interface HeldMemory {
  readonly rss: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** Measures the processes of a kernel that was started with {@link MemoryProbe.env}. */
export class MemoryProbe {
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #counts = new Map<number, number>();

  /** @param folder where the processes leave their figures; it is made when missing */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    const probe = fileURLToPath(new URL("heap-probe.ts", import.meta.url));
    this.env = { ASSAY_PROBE: folder, NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${probe}` };
  }

  /** Lets a process collect its garbage, and tells what it holds then. */
  async held(pid: number): Promise<HeldMemory> {
    const count = (this.#counts.get(pid) ?? 0) + 1;
    this.#counts.set(pid, count);
    const path = join(this.#folder, `${pid}-${count}.json`);
    process.kill(pid, "SIGUSR2");
    for (let waited = 0; !existsSync(path); waited += 20) {
      if (waited > 60_000) throw new Error(`Process ${pid} did not tell its memory`);
      await pause(20);
    }
    return JSON.parse(readFileSync(path, "utf8")) as HeldMemory;
  }
}

/** Resident memory without the room that the JavaScript engine keeps for new objects, which it sizes by how fast they come. */
export function taken({ rss, heapTotal, heapUsed }: HeldMemory): number {
  return rss - (heapTotal - heapUsed);
}

/** A figure in megabytes with one digit. */
export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** The middle one of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
