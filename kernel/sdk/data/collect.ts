import { existsSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { contentHash, hashOf } from "../../store/canonical.ts";
import { AssayError, problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { type Image, progress, readBytes } from "../media/index.ts";
import { buildItem, type ItemOptions } from "./build-item.ts";
import { Collection } from "./collection.ts";
import type { CollectionProblem, DeclaredBasis, Item } from "./item.ts";
import { type Scan, scanFolder, scanManifest } from "./scan.ts";

export interface CollectOptions {
  /** What to call the collection. Default: the name of the folder or manifest. */
  readonly name?: string;
  /** The licence of the whole collection: an SPDX id or an address. It counts only where an item names none of its own. */
  readonly licence?: string;
  /** A ground of use that you vouch for: a contract, or an exception of law. It is written into every item's record. */
  readonly basis?: DeclaredBasis;
  /** Largest image file in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** From this many images on, progress is shown. */
const progressFrom = 50;
const parallel = 4;
/** So many pictures are kept for the collection's own display. */
const previews = 12;

/**
 * Reads a folder of images with sidecar files (`cat.json` or `cat.jpg.json` beside `cat.jpg`), or an Openverse-shaped JSON manifest
 * of local files, and finds the licence of each with its evidence. Nothing is downloaded. What is wrong with single files ends up in
 * `collection.problems`; the rest goes on.
 *
 * @throws AssayError `data.missing`, `data.manifest`, `data.empty` when there is nothing to read at all.
 */
export async function collect(source: string, options: CollectOptions = {}): Promise<Collection> {
  const { baseFolder, signal, record } = cellContext();
  const path = resolve(baseFolder, source);
  const maxBytes = options.maxBytes ?? 64 * 2 ** 20;
  const { scan, manifest } = await open(path, source, maxBytes);
  if (scan.candidates.length === 0 && scan.refused.length === 0) throw problem.collectionEmpty(source);

  const itemOptions: ItemOptions = {
    root: scan.root,
    maxBytes,
    manifest,
    licence: options.licence,
    basis: options.basis,
  };
  const name = options.name ?? nameOf(path);
  const total = scan.candidates.length;
  const bar = total >= progressFrom ? progress({ label: `collect ${name}`, total, unit: "image" }) : undefined;
  const items: (Item | undefined)[] = new Array(total);
  const problems: CollectionProblem[][] = scan.candidates.map(() => []);
  const shown: Image[] = [];
  try {
    await inParallel(total, async (index) => {
      signal.throwIfAborted();
      const candidate = scan.candidates[index]!;
      try {
        const built = await buildItem(candidate, itemOptions);
        items[index] = built.item;
        problems[index] = built.problems.map((error) => asProblem(candidate.id, error, false));
        if (index % Math.ceil(total / previews) === 0)
          shown.push(
            built.file.image.with({
              alt: built.item.caption || built.item.id,
              licenceClass: built.item.licence.licenceClass,
            }),
          );
      } catch (error) {
        if (!(error instanceof AssayError)) throw error;
        problems[index] = [asProblem(candidate.id, error, true)];
      }
      bar?.advance();
    });
  } catch (error) {
    bar?.fail();
    throw error;
  }
  bar?.finish();

  const found = items.filter((item) => item !== undefined);
  const refused = scan.refused.map((error) => asProblem(error.input, error, true));
  const collection = new Collection({
    name,
    root: scan.root,
    items: found,
    problems: [...refused, ...problems.flat()],
    previews: shown,
  });
  for (const item of found) record(itemEvent(item));
  record({
    type: "used",
    what: {
      role: "input",
      name: relative(baseFolder, path) || ".",
      sha256: contentHash(found.map(({ id, sha256, sidecar }) => [id, sha256, sidecar?.sha256 ?? null])),
      bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  });
  return collection;
}

/** The folder's name, or the manifest's; a manifest that is called just that has its folder's. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.json$/i, "");
  return name === "manifest" ? basename(dirname(path)) : name;
}

async function open(
  path: string,
  source: string,
  maxBytes: number,
): Promise<{ scan: Scan; manifest?: ItemOptions["manifest"] }> {
  if (!existsSync(path)) throw problem.collectionMissing(source);
  if (statSync(path).isDirectory()) return { scan: scanFolder(path) };
  const bytes = await readBytes(path, source, maxBytes);
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw problem.manifestUnreadable(source, error instanceof Error ? error.message : String(error), error);
  }
  const scan = scanManifest(path, content);
  if (!scan) throw problem.manifestUnreadable(source, 'it has no list "results"');
  return { scan, manifest: { file: basename(path), sha256: hashOf(bytes) } };
}

/** Runs `work` for 0 … count − 1, a few at a time; the first failure stops the rest. */
async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < count && !failed) {
      try {
        await work(next++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, lane));
}

function asProblem(file: string, { code, reason, remedy }: AssayError, excluded: boolean): CollectionProblem {
  return { file, code, reason, remedy, excluded };
}

function itemEvent({ id, sha256, bytes, licence, about, evidence, optOuts, marks, caption, retrieved }: Item) {
  return {
    type: "item",
    sha256,
    name: id,
    licenceClass: licence.licenceClass,
    ...(licence.id === null ? {} : { licence: licence.id }),
    detail: { ...about, caption, bytes, licence, evidence, optOuts, marks, retrieved },
  } as const;
}
