import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs";
import { fileURLToPath } from "node:url";
import { entryPoint } from "../protocol/entry-points.ts";
import type { CellProcessSettings } from "../protocol/messages.ts";
import { type NameSlot, openNameSlot } from "./name-slot.ts";

/** Milliseconds that a process which was started ahead waits for a notebook before it is ended. */
const patience = 3000;

/** A cell process, and the file where it leaves the names of its cells. */
interface Started {
  readonly child: ChildProcess;
  readonly names: NameSlot | undefined;
}

let ahead: (Started & { readonly timer: NodeJS.Timeout }) | undefined;

/**
 * Starts a cell process before its notebook is known, so that it loads while the rest of the session does. The next
 * {@link startCellProcess} takes it; when there is none within three seconds, it is ended.
 */
export function startAhead(): void {
  if (ahead) return;
  const started = launch();
  const timer = setTimeout(dropAhead, patience).unref();
  started.child.once("error", dropAhead);
  started.child.once("exit", dropAhead);
  ahead = { ...started, timer };
}

function dropAhead(): void {
  clearTimeout(ahead?.timer);
  ahead?.child.kill("SIGKILL");
  ahead?.names?.close();
  ahead = undefined;
}

/** A cell process for a notebook: the one that was started ahead, or a new one. */
export function startCellProcess(settings: CellProcessSettings): Started {
  const { child, names } = ahead ?? launch();
  clearTimeout(ahead?.timer);
  child.off("error", dropAhead).off("exit", dropAhead);
  ahead = undefined;
  if (child.connected) child.send({ type: "open", settings }, () => {});
  return { child, names };
}

function launch(): Started {
  const names = openNameSlot();
  const child = spawn(
    process.execPath,
    [
      // No options of V8's: they would cost the process what Node has compiled of its own modules, 30 ms.
      "--experimental-import-meta-resolve",
      "--disable-warning=ExperimentalWarning",
      // An interrupt leaves timers in the middle; Node's own check would end the process for it.
      "--no-force-async-hooks-checks",
      fileURLToPath(entryPoint("cell")),
    ],
    {
      // 0 nothing to read; 1, 2 native output; 3 frames; 4 interrupts and questions; 5 names; then Node's own channel.
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", names?.descriptor ?? "ignore", "ipc"],
      windowsHide: true,
      // A group of its own: what cells start and leave behind ends with them, and Ctrl-C in a terminal reaches the session alone.
      detached: process.platform !== "win32",
    },
  );
  preferForMemory(child.pid);
  return { child, names };
}

/** Where the system runs out of memory before the session sees it, this process is the one to end (Linux). */
function preferForMemory(pid: number | undefined): void {
  if (process.platform === "linux" && pid) writeFile(`/proc/${pid}/oom_score_adj`, "900", () => {});
}

/** Ends a cell process and all that its cells started, at once. */
export function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform !== "win32") process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
  child.kill("SIGKILL");
}
