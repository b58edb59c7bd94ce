import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { kernelProblem } from "../session/problems.ts";

/** Where a kernelspec goes: for this user (default), into any folder, or into the active Python environment. */
export interface DataFolderChoice {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly sysPrefix?: boolean;
}

/** What the rules for folders depend on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** This process's own. */
export function here(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir() };
}

/** Jupyter's data folder for a choice, by Jupyter's own rules. Throws an `AssayError` when choices contradict each other. */
export function jupyterDataFolder({ user, prefix, sysPrefix }: DataFolderChoice, around: Surroundings): string {
  const chosen = [user && "--user", prefix !== undefined && "--prefix", sysPrefix && "--sys-prefix"].filter(Boolean);
  if (chosen.length > 1)
    throw kernelProblem.badOption(chosen.join(" "), "they name different places", "Give one of them");
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  if (!sysPrefix) return userFolder(around);
  const root = environmentOf(around);
  if (root === undefined)
    throw kernelProblem.badOption(
      "--sys-prefix",
      "no Python environment is active (VIRTUAL_ENV and CONDA_PREFIX are not set)",
      "Activate one, or name its folder with --prefix",
    );
  return join(root, "share", "jupyter");
}

/** All data folders that Jupyter searches, the first wins, as far as they are known without asking Python. */
export function searchedFolders(around: Surroundings): string[] {
  const { env, platform } = around;
  const root = environmentOf(around);
  const separator = platform === "win32" ? ";" : ":";
  const system =
    platform === "win32"
      ? [join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const all = [
    ...(env.JUPYTER_PATH ?? "").split(separator).filter((folder) => folder !== ""),
    userFolder(around),
    ...(root === undefined ? [] : [join(root, "share", "jupyter")]),
    ...system,
  ];
  return [...new Set(all)];
}

function userFolder({ env, platform, home }: Surroundings): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") {
    if (env.APPDATA) return join(env.APPDATA, "jupyter");
    return join(env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"), "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

function environmentOf({ env }: Surroundings): string | undefined {
  return env.VIRTUAL_ENV || env.CONDA_PREFIX || undefined;
}
