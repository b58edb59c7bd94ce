import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type ComplianceMode, complianceModes } from "../protocol/compliance.ts";
import type { NotebookInfo } from "../protocol/messages.ts";
import { idOfPath } from "../store/ids.ts";

/** Stands for the notebook of a session that has no file, such as a console. */
const unnamed = "jupyter-session.ipynb";

/**
 * The notebook that a Jupyter client runs. Clients start a kernel in the notebook's folder; its file is known when the client tells
 * it (`JPY_SESSION_NAME`, which Jupyter servers set) or the user does (`ASSAY_NOTEBOOK`). Mode, seed and id are those in the file;
 * a file that says nothing, or is not there, has the defaults.
 */
export function jupyterNotebook(env: NodeJS.ProcessEnv, cwd: string): NotebookInfo {
  const path = notebookPath(env, cwd);
  const { id, mode, seed } = assayMetadata(path);
  return {
    path,
    id: typeof id === "string" && id !== "" ? id : idOfPath(path),
    mode: isMode(mode) ? mode : "open_source_only",
    seed: typeof seed === "number" && Number.isSafeInteger(seed) ? seed : 0,
    ...(env.ASSAY_STORE ? { store: env.ASSAY_STORE } : {}),
  };
}

function notebookPath({ ASSAY_NOTEBOOK: own, JPY_SESSION_NAME: told }: NodeJS.ProcessEnv, cwd: string): string {
  if (own) return resolve(cwd, own);
  // Some servers give a path from their own root, which is not known here.
  const places = told?.endsWith(".ipynb") ? [resolve(cwd, told), join(cwd, basename(told))] : [];
  return places.find((place) => existsSync(place)) ?? places.at(-1) ?? join(cwd, unnamed);
}

function assayMetadata(path: string): Readonly<Record<string, unknown>> {
  try {
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as { metadata?: { assay?: unknown } };
    return typeof metadata?.assay === "object" && metadata.assay !== null ? { ...metadata.assay } : {};
  } catch {
    return {};
  }
}

function isMode(mode: unknown): mode is ComplianceMode {
  return complianceModes.some((one) => one === mode);
}
