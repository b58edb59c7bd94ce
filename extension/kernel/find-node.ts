import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The oldest Node the kernel runs on: the first 22 that strips types without a flag. */
export const oldestNode = "22.18.0";

/** A JavaScript runtime for the kernel. */
export interface NodeRuntime {
  /** The executable. */
  readonly command: string;
  /** Variables it needs beside those of the extension host. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  /** Where it was found, for people: "the setting assay.node.path". */
  readonly origin: string;
}

/** What the search looks at, passed in so that it can be tested. */
export interface NodeSearch {
  /** Value of the setting; empty when not set. */
  readonly setting: string;
  /** The PATH variable. */
  readonly path: string;
  /** The extension's folder, which may hold a Node package. */
  readonly extensionFolder: string;
  /** The program that runs the extension host, and the version of Node inside it. */
  readonly host: { readonly command: string; readonly version: string };
  /** Asks an executable for its version; undefined when it is no Node. */
  readonly versionOf?: (command: string) => Promise<string | undefined>;
}

/** No runtime fits: what was looked at, and why each did not do. */
export class NoNodeError extends Error {
  override readonly name: string = "NoNodeError";
}

/**
 * Finds a Node for the kernel: the one of the setting (which must fit, since somebody chose it), else the first on PATH, else a Node package beside
 * the extension, else VS Code's own runtime. Throws a {@link NoNodeError} that names what was found.
 */
export async function findNode(search: NodeSearch): Promise<NodeRuntime> {
  const versionOf = search.versionOf ?? askVersion;
  if (search.setting !== "") {
    const version = await versionOf(search.setting);
    if (version !== undefined && isNewEnough(version)) {
      return { command: search.setting, env: {}, version, origin: "the setting assay.node.path" };
    }
    const found = version === undefined ? "is not a Node executable" : `is Node ${version}`;
    throw new NoNodeError(
      `The setting assay.node.path names "${search.setting}", which ${found}; Assay needs Node ${oldestNode} or newer.`,
    );
  }
  const found = await candidates(search);
  const fitting = found.find(({ version }) => version !== undefined && isNewEnough(version));
  if (fitting?.version !== undefined) return { ...fitting, version: fitting.version };
  const seen = found.map(({ command, version, env }) =>
    env.ELECTRON_RUN_AS_NODE
      ? `VS Code's own runtime (Node ${version})`
      : `${command} (${version === undefined ? "does not run" : `Node ${version}`})`,
  );
  throw new NoNodeError(
    `Assay needs Node ${oldestNode} or newer, and found only ${seen.join(", ")}. Name one in the setting assay.node.path.`,
  );
}

/** A runtime that was found; without a version it does not run. */
export type NodeCandidate = Omit<NodeRuntime, "version"> & { readonly version: string | undefined };

/** Every Node that can be found, in the order of preference, whether it fits or not: on PATH, beside the extension, inside VS Code. */
export async function candidates(search: NodeSearch): Promise<NodeCandidate[]> {
  const versionOf = search.versionOf ?? askVersion;
  const files = [...onPath(search.path), ...beside(search.extensionFolder)];
  const found = await Promise.all(
    files.map(async ([command, origin]) => ({ command, env: {}, origin, version: await versionOf(command) })),
  );
  const { command, version } = search.host;
  return [...found, { command, env: { ELECTRON_RUN_AS_NODE: "1" }, version, origin: "VS Code's own runtime" }];
}

/** Whether a version such as "v22.18.0" is at least {@link oldestNode}. */
export function isNewEnough(version: string): boolean {
  const parts = (text: string) =>
    text
      .replace(/^v/, "")
      .split(".")
      .map((part) => Number.parseInt(part, 10));
  const wanted = parts(oldestNode);
  const given = parts(version);
  for (let i = 0; i < wanted.length; i++) {
    const difference = (given[i] ?? 0) - wanted[i]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

const executable = process.platform === "win32" ? "node.exe" : "node";

function onPath(path: string): [string, string][] {
  const files = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, executable));
  // One that is reached by several names counts once.
  const found = new Map(
    files
      .filter((file) => existsSync(file))
      .reverse()
      .map((file) => [realpathSync(file), file]),
  );
  return [...found.values()].reverse().map((file) => [file, "PATH"]);
}

function beside(extensionFolder: string): [string, string][] {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = join(extensionFolder, "node_modules", `node-${platform}-${process.arch}`, "bin", executable);
  return existsSync(file) ? [[file, "the Node package beside Assay"]] : [];
}

/** The version of a Node executable; undefined when it is none. */
export async function askVersion(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ["--version"], { timeout: 10_000, windowsHide: true });
    return /^v(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}
