import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type AssayError, problem } from "../errors.ts";
import { type Fields, fields, own, text } from "./sources/index.ts";

const imageEndings = new Set([".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff"]);
const maxDepth = 16;

/** An image that may become an item. */
export interface Candidate {
  readonly id: string;
  readonly path: string;
  /** Its entry of a manifest. */
  readonly record?: Fields;
}

/** The candidates of a collection, in the order of their names, and what was turned away at once. */
export interface Scan {
  readonly root: string;
  readonly candidates: readonly Candidate[];
  readonly refused: readonly AssayError[];
}

/** Absolute path of a name inside a folder; null where it leads out of it, by `..` or by a link. */
export function inside(root: string, id: string): string | null {
  const path = resolve(root, id);
  if (!within(root, path)) return null;
  if (!existsSync(path)) return path;
  return within(realpathSync(root), realpathSync(path)) ? path : null;
}

function within(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && !isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`);
}

/** Finds the images of a folder and of the folders in it. Hidden files are passed over. */
export function scanFolder(root: string): Scan {
  const candidates: Candidate[] = [];
  const refused: AssayError[] = [];
  const visit = (folder: string, depth: number) => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    );
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const path = join(folder, entry.name);
      const id = relative(root, path).split(sep).join("/");
      const image = imageEndings.has(extname(entry.name).toLowerCase());
      if (entry.isDirectory() && depth < maxDepth) visit(path, depth + 1);
      else if (entry.isSymbolicLink() && (image || leadsToFolder(path))) {
        if (!image || inside(root, id) === null) refused.push(problem.fileOutside(id));
        else candidates.push({ id, path });
      } else if (entry.isFile() && image) candidates.push({ id, path });
    }
  };
  visit(root, 0);
  return { root, candidates, refused };
}

/** Links to folders are not followed: they may lead anywhere, also in circles. */
function leadsToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Reads the entries of an Openverse-shaped manifest: `{ results: [{ path, license, … }] }`, or a list. Nothing is fetched. */
export function scanManifest(file: string, content: unknown): Scan | null {
  const list = Array.isArray(content) ? content : own(fields(content), "results");
  if (!Array.isArray(list)) return null;
  const root = dirname(file);
  const candidates: Candidate[] = [];
  const refused: AssayError[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of list.entries()) {
    const record = fields(entry);
    const place = record ? text(record, "path", "file", "file_name", "local_path", "url") : undefined;
    if (!record || place === undefined) {
      refused.push(problem.unreadableFile(`entry ${index + 1} of the manifest`, "it names no path"));
      continue;
    }
    const local = localPath(place);
    const path = local === null ? null : inside(root, local);
    if (local === null) refused.push(problem.remoteItem(place));
    else if (path === null) refused.push(problem.fileOutside(place));
    else {
      const id = relative(root, path).split(sep).join("/");
      if (!seen.has(id)) candidates.push({ id, path, record });
      else refused.push(problem.unreadableFile(`entry ${index + 1} of the manifest`, `${id} is named twice`));
      seen.add(id);
    }
  }
  return { root, candidates, refused };
}

/** A path, also from a file URL; null for any other address. */
function localPath(place: string): string | null {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(place)) return place.includes("\0") ? null : place;
  if (!/^file:/i.test(place)) return null;
  try {
    return fileURLToPath(place);
  } catch {
    return null;
  }
}
