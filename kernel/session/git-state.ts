import { execFile } from "node:child_process";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ArtifactRef } from "../protocol/media.ts";
import type { Artifacts } from "../store/artifacts.ts";
import { hashOf } from "../store/canonical.ts";
import { isSecretFile, redact } from "./redaction.ts";

const run = promisify(execFile);

/** Bytes of a patch that are kept; a longer one is cut and says so. */
const patchLimit = 2 * 1024 * 1024;
/** Bytes of an untracked file that are kept; of a larger one only its name and size. */
const untrackedLimit = 128 * 1024;
/** Untracked files that are listed. */
const untrackedCount = 200;

/** The state of the version control around a notebook. */
export interface GitState {
  readonly commit: string | null;
  readonly branch: string | null;
  /** Changes of tracked files against the commit, secrets redacted; `null` when there are none. */
  readonly patch: ArtifactRef | null;
  readonly patchCut: boolean;
  readonly untracked: readonly UntrackedFile[];
  /** How many untracked files there are, when not all are listed. */
  readonly untrackedTotal: number;
}

export interface UntrackedFile {
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** The content with secrets redacted; `null` when it is large, binary, or a file that holds secrets by its name. */
  readonly content: ArtifactRef | null;
}

/** Reads commit, patch and untracked files of the repository around a folder; `null` without git or outside a repository. */
export async function gitState(folder: string, artifacts: Artifacts, signal: AbortSignal): Promise<GitState | null> {
  const git = async (args: string[]) => {
    const options = { cwd: folder, signal, timeout: 10_000, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    return (await run("git", ["--no-optional-locks", ...args], options)).stdout;
  };
  const top = await git(["rev-parse", "--show-toplevel"]).then(trimmed, () => null);
  if (top === null) return null;
  const keep = (text: string) => artifacts.put(Buffer.from(redact(text)), "text/plain", { durable: false });

  const commit = await git(["rev-parse", "--verify", "HEAD"]).then(trimmed, () => null);
  const branch = await git(["symbolic-ref", "--short", "HEAD"]).then(trimmed, () => null);
  const secret = (await git(["-C", top, "diff", "--name-only", "-z", ...(commit ? ["HEAD"] : [])]).catch(() => ""))
    .split("\0")
    .filter(isSecretFile);
  const diff = await git([
    ...["-C", top, "diff", "--no-color", "--no-ext-diff", ...(commit ? ["HEAD"] : []), "--", "."],
    ...secret.map((path) => `:(exclude,literal,top)${path}`),
  ]).catch(() => "");
  const listed = (await git(["-C", top, "ls-files", "--others", "--exclude-standard", "-z"]).catch(() => ""))
    .split("\0")
    .filter((path) => path !== "");
  const untracked: UntrackedFile[] = [];
  for (const path of listed.sort().slice(0, untrackedCount)) {
    const stat = await lstat(join(top, path)).catch(() => undefined);
    if (!stat?.isFile()) continue;
    const readable = stat.size <= untrackedLimit && !isSecretFile(path);
    const bytes = readable ? await readFile(join(top, path)).catch(() => undefined) : undefined;
    const isText = bytes !== undefined && !bytes.includes(0);
    untracked.push({ path, bytes: stat.size, content: isText ? await keep(bytes.toString("utf8")) : null });
  }
  return {
    commit,
    branch,
    patch: diff === "" ? null : await keep(diff.slice(0, patchLimit)),
    patchCut: diff.length > patchLimit,
    untracked,
    untrackedTotal: listed.length,
  };
}

/** The nearest lock file of a package manager upwards from a folder, by content. */
export async function lockFile(folders: readonly string[]): Promise<{ name: string; sha256: string } | null> {
  for (const folder of folders) {
    for (const name of ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "deno.lock"]) {
      const bytes = await readFile(join(folder, name)).catch(() => undefined);
      if (bytes) return { name, sha256: hashOf(bytes) };
    }
  }
  return null;
}

function trimmed(text: string): string {
  return text.trim();
}
