import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { Participant } from "../../protocol/cell-context.ts";
import { type LicenceClass, licenceClasses } from "../../protocol/compliance.ts";
import { contentHash } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { type FileSeal, sealFile } from "./file-seal.ts";
import { findModel, knownModels, layoutMarks } from "./locations.ts";
import { type ModelLayout, type ModelManifest, modelManifest } from "./manifest.ts";

export interface LoadModelOptions {
  /**
   * Licence class of a folder that has no `model.json`, as you know it; recorded as your declaration. Default: the manifest's class,
   * else `unknown`. A manifest cannot be overruled.
   */
  licenceClass?: LicenceClass;
}

/** A model whose files are there and are those that its manifest promises. Nothing of it is in memory yet. */
export interface LoadedModel {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly layout: ModelLayout;
  readonly licence: string | null;
  readonly licenceClass: LicenceClass;
  /** SHA-256 over paths and hashes of all files. */
  readonly sha256: string;
  readonly bytes: number;
  /** Absent for folders without `model.json`. */
  readonly manifest: ModelManifest | undefined;
  /** Absolute path of a file of the model. @throws AssayError `model.file-missing` */
  file(path: string): string;
  /** Whether the model has this file. */
  has(path: string): boolean;
}

const loaded = new Map<string, { state: string; model: LoadedModel }>();

/**
 * Loads a model by id (one of those that come with Assay, or a folder in `models/` beside the notebook or in the store) or by the
 * path of its folder. Checks every file against `model.json`, and notes the use in the cell's record.
 *
 * @throws AssayError `model.not-found`, `model.manifest`, `model.file-missing`, `model.checksum`
 */
export function loadModel(idOrFolder: string, options: LoadModelOptions = {}): LoadedModel {
  const folder = findModel(idOrFolder);
  if (!folder) throw problem.modelNotFound(idOrFolder, knownModels().join(", ") || "none");
  const model = open(folder, options);
  cellContext().record({ type: "used", what: modelParticipant(model), facts: modelCard(model) });
  return model;
}

/** A model as a record knows it. */
export function modelParticipant(model: LoadedModel): Participant {
  const { id, sha256, bytes, licenceClass } = model;
  return { role: "model", name: id, sha256, bytes, licenceClass };
}

/** What a model says of itself: its licence, where it comes from, what it was trained on. */
export function modelCard({ name, licence, layout, manifest }: LoadedModel): Record<string, string> {
  const trainedOn = manifest?.trainingData;
  const data =
    typeof trainedOn === "object" && trainedOn !== null && "description" in trainedOn
      ? trainedOn.description
      : trainedOn;
  const card = {
    title: name,
    licence: licence ?? undefined,
    licenceUrl: manifest?.licenceUrl,
    source: manifest?.source,
    description: manifest?.description,
    trainedOn: data,
    layout,
  };
  const said = Object.entries(card).filter(([, value]) => typeof value === "string" && value !== "");
  return Object.fromEntries(said) as Record<string, string>;
}

function open(folder: string, options: LoadModelOptions): LoadedModel {
  const manifest = readManifest(folder);
  if (options.licenceClass !== undefined && !licenceClasses.includes(options.licenceClass)) {
    throw problem.modelLicenceClass(String(options.licenceClass), licenceClasses.join(", "));
  }
  const paths = manifest ? Object.keys(manifest.files).sort() : listFiles(folder);
  const seals = new Map(paths.map((path) => [path, checkedSeal(folder, path, manifest)]));
  const files = Object.fromEntries([...seals].map(([path, { sha256 }]) => [path, sha256]));
  const sha256 = contentHash(files);
  const licenceClass = manifest?.licenceClass ?? options.licenceClass ?? "unknown";
  const state = `${sha256} ${licenceClass}`;
  const known = loaded.get(folder);
  if (known?.state === state) return known.model;
  const model: LoadedModel = {
    id: manifest?.id ?? basename(folder),
    name: manifest?.name ?? basename(folder),
    folder,
    layout:
      manifest?.layout ??
      (existsSync(join(folder, layoutMarks["diffusers-onnx"])) ? "diffusers-onnx" : "transformers-onnx"),
    licence: manifest?.licence ?? null,
    licenceClass,
    sha256,
    bytes: [...seals.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    manifest,
    has: (path) => seals.has(path) || existsSync(join(folder, path)),
    file(path) {
      if (!this.has(path)) throw problem.modelFileMissing(join(folder, path), this.id);
      return join(folder, path);
    },
  };
  loaded.set(folder, { state, model });
  return model;
}

function readManifest(folder: string): ModelManifest | undefined {
  const file = join(folder, "model.json");
  if (!existsSync(file)) return undefined;
  try {
    return modelManifest.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw problem.modelManifest(
      file,
      cause instanceof Error ? cause.message.replace(/\s+/g, " ").slice(0, 300) : String(cause),
      cause,
    );
  }
}

/** Hash and size of a file, compared with the manifest's. */
function checkedSeal(folder: string, path: string, manifest: ModelManifest | undefined): FileSeal {
  const file = join(folder, path);
  if (path.split("/").includes("..") || !existsSync(file))
    throw problem.modelFileMissing(file, manifest?.id ?? basename(folder));
  const promised = manifest?.files[path];
  const seal = sealFile(file);
  if (promised && promised.bytes !== seal.bytes) throw problem.modelFileSize(file, seal.bytes, promised.bytes);
  if (promised && promised.sha256 !== seal.sha256) throw problem.modelChecksum(file, seal.sha256, promised.sha256);
  return seal;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .sort();
}
