// Writes the types of "assay" for notebooks to the folder `types` of a build: declaration files of kernel/sdk and of what it stands on.
import { spawn } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./bootstrap.mjs";

/** Kept between builds: the compiler writes only what changed, and nothing is done when nothing did. */
const cache = join(root, ".cache/types");
const sources = "kernel/{sdk,protocol,store}/**/*.ts";

export async function declarations(folder) {
  if (!existsSync(join(root, "kernel/sdk/index.ts"))) return;
  const files = globSync(sources, { cwd: root }).sort();
  const state = files.map((file) => `${file} ${statSync(join(root, file)).mtimeMs}`).join("\n");
  const stamp = join(cache, "stamp");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== state) {
    await compile();
    // Declarations that were written by hand or by a generator are copied as they are.
    for (const file of files.filter((name) => name.endsWith(".d.ts"))) copy(file, join(cache, file));
    writeFileSync(stamp, state);
  }
  mkdirSync(folder, { recursive: true });
  cpSync(join(cache, "kernel"), join(folder, "types"), { recursive: true });
}

function copy(file, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, file), to);
}

function compile() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const child = spawn(process.execPath, [tsc, "-p", join(root, "scripts/declarations.json")], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error("the types of the sdk were not written"))));
  });
}
