import { readdirSync, readFileSync } from "node:fs";

/**
 * Process ids of the process that this one started last and that still runs, and of all that it started in turn (Linux; empty
 * elsewhere).
 */
export function lastChild(): number[] {
  const last = childrenOf("self")
    .sort((a, b) => a - b)
    .at(-1);
  return last === undefined ? [] : withDescendants(last);
}

function withDescendants(pid: number): number[] {
  return [pid, ...childrenOf(`${pid}`).flatMap(withDescendants)];
}

function childrenOf(pid: string): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
      .filter((id) => id !== "")
      .map(Number);
  } catch {
    return [];
  }
}
