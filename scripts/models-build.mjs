// Makes the tiny models again: `npm run models:build [-- STAGE]`. Takes up to ninety minutes on two cores, and goes on where it stopped.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../models/build/main.ts", import.meta.url));
const bundled = fileURLToPath(
  new URL(`../node_modules/.bin/node${process.platform === "win32" ? ".exe" : ""}`, import.meta.url),
);
const own = Number(process.versions.node.split(".")[0]) >= 24;
const node = own || !existsSync(bundled) ? process.execPath : bundled;
const { status } = spawnSync(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
