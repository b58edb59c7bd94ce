import { readdirSync, readFileSync } from "node:fs";

/** What a process group uses. */
export interface GroupUse {
  readonly processes: number;
  /** Resident bytes, shared pages counted once for each process. */
  readonly memory: number;
}

const pageSize = 4096;

/** Looks at all processes of a group (Linux). */
export function groupUse(leader: number): GroupUse {
  let processes = 0;
  let memory = 0;
  for (const name of list("/proc")) {
    if (!/^\d/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The name of the program stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[2]) !== leader) continue;
    processes++;
    memory += Number(fields[21]) * pageSize;
  }
  return { processes, memory };
}

/** Tasks of the whole system, threads included. */
export function taskCount(): number {
  return Number(/\/(\d+)/.exec(read("/proc/loadavg"))?.[1] ?? 0);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
