import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type LicenceClass, licenceClass } from "../../kernel/protocol/compliance.ts";

/** The part of a `model.json` that the list shows. */
const manifest = z.looseObject({
  id: z.string(),
  name: z.string(),
  layout: z.string(),
  description: z.string().default(""),
  source: z.string().default(""),
  licence: z.string(),
  licenceClass,
  files: z.record(z.string(), z.object({ bytes: z.number() })),
});

/** Files that show a folder without `model.json` to be a model, with the name of its layout. */
const marks: Readonly<Record<string, string>> = {
  "model_index.json": "diffusers-onnx",
  "config.json": "transformers-onnx",
};

/** A model that was found in a folder of models. */
export interface FoundModel {
  readonly id: string;
  readonly name: string;
  readonly layout: string;
  readonly description: string;
  readonly source: string;
  /** Null where nothing states one. */
  readonly licence: string | null;
  readonly licenceClass: LicenceClass;
  readonly bytes: number;
  /** How many files it has. */
  readonly files: number;
  readonly folder: string;
  /** The file that shows it to be a model. */
  readonly marker: string;
  /** Where it was found, for people. */
  readonly origin: string;
}

/** The models in some folders, by id; of two with one id the one in the earlier folder, as the kernel chooses. */
export async function findModels(
  folders: readonly (readonly [folder: string, origin: string])[],
): Promise<FoundModel[]> {
  const found = (await Promise.all(folders.map(([folder, origin]) => modelsIn(folder, origin, "")))).flat();
  return [...new Map(found.reverse().map((model) => [model.id, model])).values()].sort((a, b) =>
    a.id.localeCompare(b.id),
  );
}

/** Ids are the names of folders, or `maker/name` as on hubs. */
async function modelsIn(folder: string, origin: string, prefix: string): Promise<FoundModel[]> {
  const names = (await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])).filter((one) =>
    one.isDirectory(),
  );
  const found = await Promise.all(
    names.map(async ({ name }) => {
      const own = await readModel(join(folder, name), prefix + name, origin);
      if (own) return [own];
      return prefix === "" ? modelsIn(join(folder, name), origin, `${name}/`) : [];
    }),
  );
  return found.flat();
}

async function readModel(folder: string, id: string, origin: string): Promise<FoundModel | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes("model.json")) {
    try {
      const read = manifest.parse(JSON.parse(await readFile(join(folder, "model.json"), "utf8")));
      const sizes = Object.values(read.files).map(({ bytes }) => bytes);
      const bytes = sizes.reduce((sum, one) => sum + one, 0);
      return { ...read, bytes, files: sizes.length, folder, marker: "model.json", origin };
    } catch {
      // A manifest that cannot be read: the kernel says why when the model is loaded.
      return undefined;
    }
  }
  const marker = Object.keys(marks).find((mark) => names.includes(mark));
  if (!marker) return undefined;
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return {
    ...{ id, name: id, layout: marks[marker]!, description: "", source: "", licence: null, licenceClass: "unknown" },
    ...{ bytes: sizes.reduce((sum, one) => sum + one, 0), files: sizes.length, folder, marker, origin },
  };
}
