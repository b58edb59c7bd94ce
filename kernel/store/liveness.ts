import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

/** What tells a process from every other one, also after its number was given to another. */
export interface ProcessIdentity {
  readonly host: string;
  /** The boot of the host. */
  readonly boot: string;
  /** The space in which the process number counts: a container has its own. */
  readonly pidSpace: string;
  readonly pid: number;
  /** When the process started, in the system's own words; empty where the system does not tell. */
  readonly processStarted: string;
}

/** The identity of the process that calls. */
export function ownIdentity(): ProcessIdentity {
  return { ...surroundings(), pid: process.pid, processStarted: startOf(process.pid) ?? "" };
}

/** Milliseconds after which a session that this process cannot look up, and that gave no sign of life, counts as gone. */
export const silence = 120_000;

/**
 * Whether a process is alive. On the same host it is looked up by number and start time. Where that cannot tell (another host or
 * container, a system that does not say when a process started), the last sign of life decides.
 */
export function isAlive(identity: ProcessIdentity, seenAt: Date, now: number = Date.now()): boolean {
  const here = surroundings();
  const seen = now - seenAt.getTime() < silence;
  if (identity.host !== here.host) return seen;
  if (!isSameBoot(identity.boot, here.boot)) return false;
  if (identity.pidSpace !== here.pidSpace) return seen;
  const started = startOf(identity.pid);
  if (started === undefined) return false;
  if (started === "" || identity.processStarted === "") return seen;
  return started === identity.processStarted;
}

let known: Omit<ProcessIdentity, "pid" | "processStarted"> | undefined;

function surroundings(): Omit<ProcessIdentity, "pid" | "processStarted"> {
  known ??= { host: hostname(), boot: bootOf(), pidSpace: attempt(() => readlinkSync("/proc/self/ns/pid")) ?? "" };
  return known;
}

function bootOf(): string {
  const linux = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return linux ?? `at ${Math.round(Date.now() / 1000 - uptime())}`;
}

/** Where the boot has no name its time serves, to ten minutes: it is computed from two clocks that drift apart. */
function isSameBoot(a: string, b: string): boolean {
  if (!a.startsWith("at ") || !b.startsWith("at ")) return a === b;
  return Math.abs(Number(a.slice(3)) - Number(b.slice(3))) < 600;
}

/** When a process started; empty when it runs but the system does not say; `undefined` when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  if (process.platform === "linux") {
    const line = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    // The name in parentheses may hold spaces and parentheses. After it, field 1 is the state and field 20 the start in clock ticks.
    const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
    return fields?.[0] === "Z" ? undefined : (fields?.[19] ?? "");
  }
  if (process.platform === "win32") return "";
  return attempt(() => execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim()) ?? "";
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
