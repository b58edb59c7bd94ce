import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cellContext } from "../host.ts";

/** Files that show a folder to be a model, by layout. */
export const layoutMarks = { "diffusers-onnx": "model_index.json", "transformers-onnx": "config.json" } as const;

let embedded: string | undefined;

/** The folder of the models that come with Assay. */
export function embeddedModelsFolder(): string {
  embedded ??= join(packageRoot(), "models");
  return embedded;
}

/** Upwards from this module to Assay's own package.json; the depth differs between source and bundle. */
function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "assay")
      return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

/** Folders that hold models by id, nearest first: `models` of the notebook's folder and of the store, then the embedded ones. */
export function modelFolders(): string[] {
  const { baseFolder, storeFolder } = cellContext();
  return [...new Set([join(baseFolder, "models"), join(storeFolder, "models"), embeddedModelsFolder()])];
}

/** The folder of a model given by id or path, or undefined. A path is relative to the notebook's folder. */
export function findModel(idOrFolder: string): string | undefined {
  const named = /^[\w.-]+(\/[\w.-]+)?$/.test(idOrFolder) && !isAbsolute(idOrFolder);
  const candidates = [
    ...(named ? modelFolders().map((folder) => join(folder, idOrFolder)) : []),
    resolve(cellContext().baseFolder, idOrFolder),
  ];
  return candidates.find(isModelFolder);
}

/** Ids of the models that can be loaded without a path. */
export function knownModels(): string[] {
  const ids = modelFolders().flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((name) => isModelFolder(join(folder, name)));
  });
  return [...new Set(ids)].sort();
}

function isModelFolder(folder: string): boolean {
  return ["model.json", ...Object.values(layoutMarks)].some((mark) => existsSync(join(folder, mark)));
}
