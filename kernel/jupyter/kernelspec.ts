import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import { entryPoint } from "../protocol/entry-points.ts";
import { kernelProblem } from "../session/problems.ts";
import { makeFolder } from "../store/make-folder.ts";

/** What `kernel.json` says, as Jupyter clients read it. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message" | "signal";
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A kernelspec of Assay that was found. */
export interface InstalledKernel {
  readonly name: string;
  readonly displayName: string;
  readonly folder: string;
  /** Version of Assay that wrote it. */
  readonly version: string;
  /** Why it cannot start; null when what it names is there. */
  readonly broken: string | null;
}

export interface InstallOptions {
  /** Jupyter's data folder, as `jupyterDataFolder` finds it. */
  readonly dataFolder: string;
  /** Name for `--kernel`. */
  readonly name: string;
  /** What launchers show. */
  readonly displayName: string;
}

/** Writes the kernelspec, whole or not at all, in the place of an older one of the same name. Returns its folder. */
export function installKernel({ dataFolder, name, displayName }: InstallOptions): string {
  if (!/^[a-z0-9._-]+$/i.test(name)) throw kernelProblem.kernelName(name);
  requireZeroMq();
  const folder = join(dataFolder, "kernels", name.toLowerCase());
  if (existsSync(folder) && !writtenByAssay(folder)) throw kernelProblem.foreignKernel(name, folder);
  const temporary = join(dataFolder, `.assay-${randomUUID().slice(0, 8)}`);
  const old = `${temporary}.old`;
  try {
    makeFolder(join(dataFolder, "kernels"));
    mkdirSync(temporary);
    const spec = `${JSON.stringify(kernelSpec(displayName), undefined, 2)}\n`;
    writeFileSync(join(temporary, "kernel.json"), spec);
    for (const file of readdirSync(logoFolder())) copyFileSync(join(logoFolder(), file), join(temporary, file));
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(temporary, folder);
  } catch (error) {
    if (existsSync(old) && !existsSync(folder)) renameSync(old, folder);
    throw kernelProblem.kernelFolder(folder, codeOf(error), error);
  } finally {
    for (const left of [temporary, old]) rmSync(left, { recursive: true, force: true });
  }
  return folder;
}

/** Removes a kernelspec that Assay wrote. Returns its folder. */
export function uninstallKernel({ dataFolder, name }: Omit<InstallOptions, "displayName">): string {
  const folder = join(dataFolder, "kernels", name.toLowerCase());
  if (!existsSync(folder)) throw kernelProblem.noKernel(name, folder);
  if (!writtenByAssay(folder)) throw kernelProblem.foreignKernel(name, folder);
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw kernelProblem.kernelFolder(folder, codeOf(error), error);
  }
  return folder;
}

/** The kernelspecs of Assay in some data folders. */
export function installedKernels(dataFolders: readonly string[]): InstalledKernel[] {
  return dataFolders.flatMap((dataFolder) => {
    const kernels = join(dataFolder, "kernels");
    return namesIn(kernels).flatMap((name) => {
      const spec = readSpec(join(kernels, name));
      if (!spec || !isOurs(spec)) return [];
      const { version } = spec.metadata.assay as { version?: unknown };
      const missing = [spec.argv[0], spec.argv.at(-2)].find((file) => file !== undefined && !existsSync(file));
      return {
        name,
        displayName: spec.display_name,
        folder: join(kernels, name),
        version: String(version ?? "unknown"),
        broken: missing === undefined ? null : `${missing} is not there; install it again`,
      };
    });
  });
}

function kernelSpec(displayName: string): KernelSpec {
  return {
    // V8's first full collection would come among the first cells. Node's type stripper, which tells whether a text is complete, counts as an
    // experiment.
    argv: [
      process.execPath,
      "--initial-old-space-size=64",
      "--disable-warning=ExperimentalWarning",
      fileURLToPath(entryPoint("jupyter")),
      "{connection_file}",
    ],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { assay: { version: packageJson.version }, debugger: false },
  };
}

/** The folder of the logos: beside this module, or in the project that the bundle belongs to. */
function logoFolder(): string {
  const fromSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(fromSource ? "./logo" : "../../kernel/jupyter/logo", import.meta.url));
}

/** The extension's package leaves it out. */
function requireZeroMq(): void {
  try {
    createRequire(import.meta.url).resolve("zeromq");
  } catch (error) {
    throw kernelProblem.noZeroMq("it is not installed", error);
  }
}

function writtenByAssay(folder: string): boolean {
  const spec = readSpec(folder);
  return spec !== undefined && isOurs(spec);
}

function isOurs(spec: KernelSpec): boolean {
  return typeof spec.metadata?.assay === "object" && Array.isArray(spec.argv);
}

function readSpec(folder: string): KernelSpec | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as KernelSpec;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
