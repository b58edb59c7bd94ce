import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assay } from "../notebook.ts";

/** Assay's kernel, made known to Jupyter in a folder of its own by `assay jupyter install`. */
export interface InstalledJupyter extends Disposable {
  /** For the environment of Jupyter's programs. */
  readonly env: Readonly<Record<string, string>>;
  readonly dataFolder: string;
}

export async function installJupyter(): Promise<InstalledJupyter> {
  const dataFolder = mkdtempSync(join(tmpdir(), "assay-jupyter-"));
  // Nothing of the person's own settings may take part.
  const env = {
    JUPYTER_DATA_DIR: dataFolder,
    JUPYTER_CONFIG_DIR: join(dataFolder, "config"),
    JUPYTER_RUNTIME_DIR: join(dataFolder, "runtime"),
    JUPYTER_PLATFORM_DIRS: "0",
  };
  const { code, stderr } = await assay(["jupyter", "install"], { env });
  if (code !== 0) throw new Error(`assay jupyter install ended with ${code}: ${stderr}`);
  return { env, dataFolder, [Symbol.dispose]: () => rmSync(dataFolder, { recursive: true, force: true }) };
}
