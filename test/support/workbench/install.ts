import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { installDebianPackages, mayInstallPackages } from "../debian-packages.ts";

const run = promisify(execFile);

/** The release of code-server whose workbench the journeys use: VS Code 1.139. */
const codeServerVersion = "4.139.1";

/**
 * Built-in extensions that stay. The others (git, a chat assistant, debuggers, some fifty grammars) have no part in a notebook of TypeScript, and
 * make every window slower to open.
 */
const keptExtensions = new Set([
  "ipynb",
  "javascript",
  "json",
  "markdown-basics",
  "markdown-language-features",
  "node_modules",
  "notebook-renderers",
  "package.json",
  "theme-defaults",
  "theme-modern-icons",
  "theme-seti",
  "typescript-basics",
  "typescript-language-features",
]);

/** Changes with what an installation contains, so that an older one is not taken for it. */
const layout = 2;

const cacheFolder = join(import.meta.dirname, "../../../.cache/workbench");

/** Where the parts of a real workbench lie. */
export interface WorkbenchInstall {
  /** The server's entry script, for `node`. */
  readonly entry: string;
  /** The browser. */
  readonly chromium: string;
}

/**
 * Makes a VS Code workbench and a browser available, once per clone: code-server and the two dependency folders of its VS Code go to
 * `.cache/workbench`, outside of the product's own `node_modules`, so that the product's dependencies stay clean.
 *
 * The folder gets its final name only when everything is in it, so an installation that was cut short is made again.
 */
export async function ensureWorkbench(): Promise<WorkbenchInstall> {
  const [entry, chromium] = await Promise.all([ensureCodeServer(), ensureChromium()]);
  return { entry, chromium };
}

/** Whether the workbench and the browser are here already, so that nothing has to be fetched. */
export function workbenchIsInstalled(): boolean {
  return existsSync(entryIn(installed)) && findChromium() !== undefined;
}

const installed = join(cacheFolder, `code-server-${codeServerVersion}-${layout}`);

function entryIn(folder: string): string {
  return join(folder, "node_modules/code-server/out/node/entry.js");
}

async function ensureCodeServer(): Promise<string> {
  const folder = installed;
  if (existsSync(entryIn(folder))) return entryIn(folder);

  const partial = `${folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, "package.json"), '{ "private": true }\n');
  await npm(partial, ["install", `code-server@${codeServerVersion}`, "--ignore-scripts"]);
  const vscode = join(partial, "node_modules/code-server/lib/vscode");
  await npm(vscode, ["install", "--omit=dev", "--ignore-scripts"]);
  await npm(join(vscode, "extensions"), ["install", "--omit=dev", "--ignore-scripts"]);
  for (const name of await readdir(join(vscode, "extensions"))) {
    if (!keptExtensions.has(name)) await rm(join(vscode, "extensions", name), { recursive: true, force: true });
  }
  if (existsSync(entryIn(folder))) await rm(partial, { recursive: true, force: true });
  else await rename(partial, folder);
  return entryIn(folder);
}

/** Scripts are not run: without them only a logging module is missing, and nothing has to be compiled. */
async function npm(folder: string, args: readonly string[]): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", [...args, ...quiet], {
    cwd: folder,
    maxBuffer: 64 << 20,
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` },
  });
}

/** Debian's Chromium, or the browser that `ASSAY_TEST_CHROMIUM` names; installed with apt when we may. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (!mayInstallPackages())
    throw new Error("The workbench tests need Chromium: install it, or name it in ASSAY_TEST_CHROMIUM.");
  await installDebianPackages(["chromium", "fonts-dejavu-core"]);
  const installed = findChromium();
  if (!installed) throw new Error("apt-get installed no Chromium that can be found on PATH.");
  return installed;
}

function findChromium(): string | undefined {
  const named = process.env.ASSAY_TEST_CHROMIUM;
  if (named) return named;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}
