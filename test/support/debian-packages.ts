import { spawn } from "node:child_process";

/** Milliseconds for one command of apt, on a slow line. */
const limit = 15 * 60_000;

/** Whether packages can be installed here: Debian or one of its kin, as root. */
export function mayInstallPackages(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/** Installs Debian packages. Waits while another apt runs; asks nothing. Throws with what apt said when it cannot. */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  await apt(["update"]);
  await apt(["install", "-y", "--no-install-recommends", ...packages]);
}

async function apt(args: readonly string[]): Promise<void> {
  const options = ["-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Options::=--force-confold", "-q"];
  const child = spawn("apt-get", [...options, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limit,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => (said = `${said}${text}`.slice(-4000)));
  const end = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  if (end !== 0) throw new Error(`apt-get ${args[0]} ended with ${end}: ${said}`);
}
