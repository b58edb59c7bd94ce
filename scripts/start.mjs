// npm start: from a fresh clone to a finished experiment. Installs, builds, runs the first sample with live progress and says where the
// executed notebook and its HTML page lie.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";
import { build } from "./build.mjs";

bootstrap();
console.error("Assay: building…");
await build();

const name = "01-compliance-modes";
const out = join(root, "out");
mkdirSync(out, { recursive: true });
const notebook = join("samples", `${name}.ipynb`);
console.error(`Assay: running ${notebook}`);
const args = [
  "run",
  notebook,
  "-o",
  join("out", `${name}.ipynb`),
  "--html",
  join("out", `${name}.html`),
  ...process.argv.slice(2),
];
const run = spawnSync(process.execPath, [join("dist", "kernel", "cli.js"), ...args], { stdio: "inherit" });
if (run.status === 0) {
  console.log(`\nThe executed notebook:  ${join("out", `${name}.ipynb`)}`);
  console.log(`The same as a page:     ${join("out", `${name}.html`)}`);
  console.log("Its records:            npx assay records list");
  console.log(`In VS Code:             open this folder, then ${notebook}; see README.md`);
}
process.exit(run.status ?? 1);
