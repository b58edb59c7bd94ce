import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import type { Artifacts } from "../store/artifacts.ts";
import { type GitState, gitState, lockFile } from "./git-state.ts";
import { redact } from "./redaction.ts";

const run = promisify(execFile);

/** What a result may depend on besides the notebook. Kept by content: executions in the same environment share one. */
export interface EnvironmentSnapshot {
  readonly version: 1;
  readonly assay: string;
  readonly node: string;
  /** Versions of what is built into Node, such as `v8`. */
  readonly runtime: Readonly<Record<string, string>>;
  readonly os: { readonly platform: string; readonly release: string; readonly arch: string };
  readonly cpu: { readonly model: string; readonly count: number; readonly features: readonly string[] };
  /** Threads that a program may use here. */
  readonly threads: number;
  /** Bytes. */
  readonly memory: number;
  /** Names and drivers of the GPUs that could be asked; empty when none was found. */
  readonly gpus: readonly string[];
  readonly locale: string;
  readonly timeZone: string;
  /** Environment variables that change numbers or behaviour, secrets redacted. */
  readonly variables: Readonly<Record<string, string>>;
  /** Versions of the native parts that compute. */
  readonly packages: Readonly<Record<string, string>>;
  readonly lockFile: { readonly name: string; readonly sha256: string } | null;
  readonly git: GitState | null;
}

export interface SnapshotOptions {
  /** The notebook's folder. */
  readonly folder: string;
  /** Where patch and untracked files go. */
  readonly artifacts: Artifacts;
  readonly signal: AbortSignal;
}

/** Takes the snapshot without blocking: files are read and programs asked in the background. What cannot be found out is left empty. */
export async function takeSnapshot({ folder, artifacts, signal }: SnapshotOptions): Promise<EnvironmentSnapshot> {
  const [features, gpus, lock, git, packages] = await Promise.all([
    cpuFeatures(signal),
    gpuNames(signal),
    lockFile(upwards(folder)),
    gitState(folder, artifacts, signal).catch(() => null),
    installedVersions(),
  ]);
  const processors = cpus();
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    version: 1,
    assay: packageJson.version,
    node: process.version,
    runtime: versions(),
    os: { platform: platform(), release: release(), arch: arch() },
    cpu: { model: processors[0]?.model.trim() ?? "", count: processors.length, features },
    threads: availableParallelism(),
    memory: totalmem(),
    gpus,
    locale,
    timeZone,
    variables: relevantVariables(process.env),
    packages,
    lockFile: lock,
    git,
  };
}

function versions(): Record<string, string> {
  const kept = ["v8", "uv", "openssl", "icu", "electron"];
  return Object.fromEntries(kept.flatMap((name) => (process.versions[name] ? [[name, process.versions[name]]] : [])));
}

const computing = ["onnxruntime-node", "sharp", "node-llama-cpp", "@huggingface/transformers", "better-sqlite3"];

async function installedVersions(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const folder of upwards(dirname(fileURLToPath(import.meta.url)))) {
    for (const name of computing) {
      const file = join(folder, "node_modules", name, "package.json");
      const version = /"version":\s*"([^"]+)"/.exec((await readFile(file, "utf8").catch(nothing)) ?? "")?.[1];
      if (version !== undefined) found[name] ??= version;
    }
  }
  return found;
}

/** The variables that a result may depend on; values that look like secrets are redacted. */
export function relevantVariables(variables: NodeJS.ProcessEnv): Record<string, string> {
  const relevant =
    /^(ASSAY_|OMP_|MKL_|OPENBLAS_|ORT_|CUDA_|HIP_|GGML_|LLAMA_)|^(NODE_OPTIONS|UV_THREADPOOL_SIZE|TZ|LANG|LC_ALL)$/;
  const secret = /key|token|secret|password|credential/i;
  const kept = Object.entries(variables).filter(([name]) => relevant.test(name));
  return Object.fromEntries(
    kept
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value = ""]) => [name, secret.test(name) ? "[redacted]" : redact(value)]),
  );
}

async function cpuFeatures(signal: AbortSignal): Promise<string[]> {
  const list =
    platform() === "linux"
      ? await readFile("/proc/cpuinfo", "utf8").then((text) => /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1], nothing)
      : platform() === "darwin"
        ? await run("sysctl", ["-n", "machdep.cpu.features", "machdep.cpu.leaf7_features"], {
            signal,
            timeout: 2000,
          }).then(({ stdout }) => stdout.toLowerCase(), nothing)
        : undefined;
  return (list ?? "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .sort();
}

async function gpuNames(signal: AbortSignal): Promise<string[]> {
  const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
  const text = await run("nvidia-smi", query, { signal, timeout: 3000, windowsHide: true }).then(
    ({ stdout }) => stdout,
    nothing,
  );
  return (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function nothing(): undefined {
  return undefined;
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}
