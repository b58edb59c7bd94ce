import { readFileSync } from "node:fs";
import { join } from "node:path/posix";

/** Memory that processes may use together, in bytes. */
export interface MemoryRoom {
  readonly total: number;
  readonly available: number;
  /** What sets the limit. */
  readonly of: "machine" | "container";
}

/** A control group with a limit below what the machine has. */
interface LimitedGroup {
  readonly total: number;
  /** File that tells what is in use, page cache included. */
  readonly usage: string;
  /** File that tells how much of that is page cache which the system can drop. */
  readonly stat: string;
}

/** Where Linux tells about memory; a test passes folders of its own. */
export interface MemoryFiles {
  readonly proc: string;
  readonly cgroup: string;
}

/**
 * Finds the limits that this process lives under, and returns what tells the room that is left at each call: the machine's, or that of
 * the tightest control group (version 1 or 2). Gives undefined where the system does not tell (not Linux).
 */
export function memoryRoom(
  files: MemoryFiles = { proc: "/proc", cgroup: "/sys/fs/cgroup" },
): () => MemoryRoom | undefined {
  const meminfo = join(files.proc, "meminfo");
  const total = machineBytes(read(meminfo), "MemTotal");
  const groups = limitedGroups(files).filter((group) => total !== undefined && group.total < total);
  return () => {
    const available = machineBytes(read(meminfo), "MemAvailable");
    if (total === undefined || available === undefined) return undefined;
    let room: MemoryRoom = { total, available, of: "machine" };
    for (const group of groups) {
      const used = Number(read(group.usage)) - droppable(read(group.stat));
      const left = Math.max(0, group.total - used);
      if (left < room.available) room = { total: group.total, available: left, of: "container" };
    }
    return room;
  };
}

function machineBytes(meminfo: string, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(meminfo)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The control groups of this process from its own up to the root, as far as they can be seen from here. */
function limitedGroups({ proc, cgroup }: MemoryFiles): LimitedGroup[] {
  const groups: LimitedGroup[] = [];
  for (const line of read(join(proc, "self/cgroup")).split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const second = controllers === "";
    if (!second && !controllers.split(",").includes("memory")) continue;
    const root = second ? cgroup : join(cgroup, "memory");
    const [limit, usage] = second
      ? ["memory.max", "memory.current"]
      : ["memory.limit_in_bytes", "memory.usage_in_bytes"];
    for (const folder of upwards(path)) {
      const total = Number(read(join(root, folder, limit)));
      if (!(total > 0)) continue;
      groups.push({ total, usage: join(root, folder, usage), stat: join(root, folder, "memory.stat") });
    }
  }
  return groups;
}

function upwards(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  return [...parts.keys(), parts.length].map((count) => `/${parts.slice(0, count).join("/")}`);
}

function droppable(stat: string): number {
  return Number(/^(?:total_)?inactive_file (\d+)/m.exec(stat)?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
