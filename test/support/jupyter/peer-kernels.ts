import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The kernels that Assay is measured against. */
export const peers = { deno: "2.9.6", tslab: "1.0.22" } as const;

const cacheFolder = join(import.meta.dirname, "../../../.cache");

/**
 * Installs the other kernels, once per clone, outside of the product's own packages, and makes them known to Jupyter in a data
 * folder. Each gets interrupts in the way that it answers: Deno as messages, although its own kernelspec does not say so, tslab as signals.
 */
export async function installPeers(dataFolder: string): Promise<void> {
  const folder = join(cacheFolder, `peer-kernels-${peers.deno}-${peers.tslab}`);
  if (!existsSync(folder)) {
    const partial = `${folder}.partial-${process.pid}`;
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, "package.json"), '{ "private": true }\n');
    const wanted = Object.entries(peers).map(([name, version]) => `${name}@${version}`);
    await run("npm", ["install", ...wanted, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: partial,
      maxBuffer: 64 << 20,
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` },
    });
    await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  }
  const [deno] = globSync(join(folder, "node_modules/@deno/*/deno*"));
  if (deno === undefined) throw new Error(`npm brought no Deno for ${process.platform}-${process.arch}`);
  const env = { DENO_DIR: join(cacheFolder, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  writeSpec(dataFolder, "deno", "message", [deno, "jupyter", "--kernel", "--conn", "{connection_file}"], env);
  const tslab = join(folder, "node_modules/tslab/bin/tslab");
  writeSpec(dataFolder, "tslab", "signal", [process.execPath, tslab, "kernel", "--config-path={connection_file}"], {});
}

function writeSpec(
  dataFolder: string,
  name: string,
  interrupt_mode: "message" | "signal",
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const folder = join(dataFolder, "kernels", name);
  mkdirSync(folder, { recursive: true });
  const spec = { argv, env, display_name: name, language: "typescript", interrupt_mode };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
}
