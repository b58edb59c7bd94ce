import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { installDebianPackages, mayInstallPackages } from "../debian-packages.ts";

const run = promisify(execFile);

/** Debian's packages with the clients that the tests use, by the Python module that shows that they are there. */
const packages: Readonly<Record<string, string>> = {
  jupyter_client: "python3-jupyter-client",
  nbclient: "python3-nbclient",
  nbconvert: "jupyter-nbconvert",
  jupyter_console: "jupyter-console",
  pexpect: "python3-pexpect",
};

let ready: Promise<string> | undefined;

/**
 * A Python with Jupyter's clients: Debian's own, or the one that `ASSAY_TEST_PYTHON` names. What is missing is installed with apt
 * when we may; else this fails and says what to install.
 */
export function ensureJupyterClients(): Promise<string> {
  ready ??= ensure();
  return ready;
}

async function ensure(): Promise<string> {
  const python = process.env.ASSAY_TEST_PYTHON ?? "/usr/bin/python3";
  const missing = await missingModules(python);
  if (missing.length === 0) return python;
  const wanted = missing.map((name) => packages[name] ?? name);
  const advice = `The Jupyter tests need ${wanted.join(", ")}: install them (apt-get install ${wanted.join(" ")}), or name a Python that has ${missing.join(", ")} in ASSAY_TEST_PYTHON.`;
  if (!mayInstallPackages() || process.env.ASSAY_TEST_PYTHON !== undefined) throw new Error(advice);
  try {
    await installDebianPackages(["python3", ...wanted]);
  } catch (error) {
    throw new Error(`${advice} ${error instanceof Error ? error.message : String(error)}`);
  }
  const left = await missingModules(python);
  if (left.length > 0) throw new Error(`${advice} apt-get left out ${left.join(", ")}.`);
  return python;
}

async function missingModules(python: string): Promise<string[]> {
  const script =
    "import importlib.util, sys; print(' '.join(m for m in sys.argv[1:] if importlib.util.find_spec(m) is None))";
  const names = Object.keys(packages);
  try {
    const { stdout } = await run(python, ["-c", script, ...names]);
    return stdout.trim().split(/\s+/).filter(Boolean);
  } catch {
    return names;
  }
}

/** Runs one of the scripts beside this file. What it prints is one JSON value a line; `input` is what it reads, as JSON. */
export async function* runScript(
  name: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): AsyncGenerator<unknown> {
  const python = await ensureJupyterClients();
  const child = spawn(python, [join(import.meta.dirname, name)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(JSON.stringify(input));
  try {
    for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
    const code = await ended;
    if (code !== 0) throw new Error(`${name} ended with exit code ${code}`);
  } finally {
    child.kill();
  }
}
