// Makes a fresh clone ready: finds a Node that is new enough, installs the packages once, and starts scripts under that Node.
// It uses nothing but Node's own modules and runs on Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The first version that runs TypeScript files as they are. */
const oldest = [22, 18];

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs the calling script again under a Node that is new enough, after the packages are in place. Returns when it already is. */
export function bootstrap() {
  process.chdir(root);
  install();
  const node = suitableNode();
  if (resolve(node) !== resolve(process.execPath)) {
    const again = spawnSync(node, process.argv.slice(1), { stdio: "inherit", env: environmentFor(node) });
    process.exit(again.status ?? 1);
  }
  process.env.PATH = environmentFor(node).PATH;
}

/** `npm ci`, when what is installed is not what the lock file says. */
function install() {
  if (isInstalled()) return;
  const folder = join(root, "node_modules");
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      "Assay: node_modules is a link to packages that package-lock.json does not ask for, and npm ci would empty the folder behind it. " +
        "Run npm ci there, or remove the link, and run the same command again.",
    );
    process.exit(3);
  }
  console.error("Assay: installing packages (npm ci)…");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--loglevel=error"];
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: ["ignore", "inherit", "inherit"] })
    : spawnSync("npm", args, { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  if (run.status !== 0) {
    console.error("Assay: npm ci failed; its message above says why. Mend that and run the same command again.");
    process.exit(3);
  }
}

/** Whether npm's own note of what it installed agrees with the lock file in every package that this platform needs. */
function isInstalled() {
  const note = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/** The Node that npm was started with or that runs this script if it is new enough, else the one from the optional platform package. */
export function suitableNode() {
  const own = [process.env.npm_node_execpath, process.execPath].filter((path) => path && existsSync(path));
  for (const path of own) if (newEnough(versionOf(path))) return path;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const packaged = join(
    root,
    "node_modules",
    `node-${platform}-${process.arch}`,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (existsSync(packaged)) return packaged;
  console.error(
    `Assay: Node ${process.versions.node} is too old, and there is no Node package for ${process.platform}-${process.arch}. ` +
      `Install Node ${oldest.join(".")} or newer and run the same command again.`,
  );
  return process.exit(3);
}

function versionOf(path) {
  if (path === process.execPath) return process.versions.node;
  return spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.trim().replace(/^v/, "");
}

function newEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function environmentFor(node) {
  return {
    ...process.env,
    PATH: [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  };
}
