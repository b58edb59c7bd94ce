import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureWorkbench } from "./install.ts";

const run = promisify(execFile);

/** A running server of the workbench, with a user-data folder of its own. */
export interface WorkbenchServer extends AsyncDisposable {
  readonly port: number;
  /** Its user data, extensions and settings. */
  readonly folder: string;
}

export interface ServerOptions {
  /** Settings of the user, over those that make the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** With workspace trust the folder starts untrusted. Default false: everything is trusted. */
  readonly trust?: boolean;
  /** A packed extension to install before the start. */
  readonly vsix?: string;
}

const quiet = {
  "workbench.editorAssociations": { "*.ipynb": "jupyter-notebook" },
  "workbench.startupEditor": "none",
  // The colours follow what the browser says the person prefers.
  "window.autoDetectColorScheme": true,
  "window.autoDetectHighContrast": true,
  "workbench.preferredDarkColorTheme": "Dark Modern",
  "workbench.preferredLightColorTheme": "Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
};

/** Starts code-server on a free port and waits until it answers. */
export async function startServer({
  settings = {},
  trust = false,
  vsix,
}: ServerOptions = {}): Promise<WorkbenchServer> {
  const { entry } = await ensureWorkbench();
  const folder = await mkdtemp(join(tmpdir(), "assay-workbench-"));
  const user = join(folder, "data/User");
  await mkdir(user, { recursive: true });
  await mkdir(join(folder, "extensions"), { recursive: true });
  await writeFile(join(folder, "config.yaml"), "{}\n");
  const all = { ...quiet, "security.workspace.trust.enabled": trust, ...settings };
  await writeFile(join(user, "settings.json"), JSON.stringify(all, null, 2));
  const places = ["--user-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions")];
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  if (vsix) await run(process.execPath, [entry, ...places, "--install-extension", vsix], { env });
  const port = await freePort();
  const args = [
    entry,
    ...["--config", join(folder, "config.yaml")],
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...places,
    "--disable-telemetry",
    "--disable-update-check",
    "--ignore-last-opened",
    "--disable-getting-started-override",
    ...(trust ? [] : ["--disable-workspace-trust"]),
    ...["--vscode-option", "enable-smoke-test-driver"],
  ];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that every process that it starts can be ended with it.
    detached: true,
    env,
  });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-4000);
    });
  }
  const stop = async () => {
    await endGroup(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await answering(port, child);
  } catch (error) {
    await stop();
    throw new Error(`The workbench server did not start: ${error instanceof Error ? error.message : error}\n${words}`);
  }
  return { port, folder, [Symbol.asyncDispose]: stop };
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no answer in 30 s");
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  process.kill(-child.pid, "SIGTERM");
  const timer = setTimeout(() => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }, 3000);
  await gone;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
