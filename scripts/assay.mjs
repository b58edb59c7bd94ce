#!/usr/bin/env node
// The `assay` command of a clone: finds a Node that is new enough, builds what is missing, and starts the command line under it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const entry = join(root, "dist", "kernel", "cli.js");

/** This Node, or the one that the packages bring. */
function suitableNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const packaged = join(root, "node_modules", `node-${platform}-${process.arch}`, "bin", file);
  if (existsSync(packaged)) return packaged;
  console.error(
    `assay: Node ${process.versions.node} is too old. Install Node 22.18 or newer, or run npm install in ${root}.`,
  );
  return process.exit(3);
}

const node = suitableNode();
if (!existsSync(entry)) {
  console.error("assay: building…");
  const built = spawnSync(node, [join(root, "scripts", "build.mjs")], { cwd: root, stdio: ["ignore", 2, 2] });
  if (built.status !== 0) process.exit(3);
}
if (node === process.execPath) {
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} else {
  const run = spawnSync(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(run.status ?? (run.signal === "SIGINT" ? 130 : 1));
}
