import { readFileSync } from "node:fs";

/** Milliseconds between two looks. */
const interval = 250;
/** The part of the machine's memory that must stay available while one process holds more than half of it. */
const reserve = 0.04;

/**
 * Watches the resident memory of a process, buffers outside the heap included, and calls `exceeded` once before the machine runs
 * out. Only where `/proc` tells (Linux); elsewhere the operating system decides.
 */
export function watchMemory(pid: number, exceeded: (detail: string) => void): Disposable {
  const timer = setInterval(() => {
    const machine = machineMemory();
    const used = machine && residentMemory(pid);
    if (!machine || used === undefined) return clearInterval(timer);
    if (used < machine.total / 2 || machine.available > machine.total * reserve) return;
    clearInterval(timer);
    exceeded(`it used ${gigabytes(used)} of the machine's ${gigabytes(machine.total)} of memory and was ended`);
  }, interval).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Bytes of physical memory in use by a process. */
function residentMemory(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Bytes of the machine, or of the control group that confines this process. */
function machineMemory(): { readonly total: number; readonly available: number } | undefined {
  const text = read("/proc/meminfo");
  const [total, available] = ["MemTotal", "MemAvailable"].map(
    (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]) * 1024,
  );
  if (!total || !available) return undefined;
  const limit = Number(read("/sys/fs/cgroup/memory.max"));
  const inUse = Number(read("/sys/fs/cgroup/memory.current"));
  if (limit > 0 && limit < total && inUse > 0) return { total: limit, available: Math.min(available, limit - inUse) };
  return { total, available };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
