import { AssayError } from "../protocol/problem.ts";

const otherFolder = "Choose another folder with --store or the setting assay.store";

/** The wording of every problem that the store reports, in one place. */
export const storeProblem = {
  full: (path: string, cause?: unknown) =>
    make(
      "store.full",
      path,
      "there is no room left to write it",
      "Free some space, or choose another folder with --store or the setting assay.store",
      cause,
    ),
  readOnly: (path: string, cause?: unknown) => make("store.readonly", path, "it cannot be written", otherFolder, cause),
  failed: (path: string, detail: string, cause?: unknown) =>
    make("store.failed", path, `the system reported ${detail}`, otherFolder, cause),
  busy: (path: string, cause?: unknown) =>
    make(
      "store.busy",
      path,
      "another process has held it locked for too long",
      "Close the other program that uses it, then try again",
      cause,
    ),
  corrupt: (path: string, detail: string, cause?: unknown) =>
    make(
      "store.corrupt",
      path,
      `it is not a sound record database (${detail})`,
      `Move it away, or ${lower(otherFolder)}`,
      cause,
    ),
  newer: (path: string, found: number, known: number) =>
    make(
      "store.newer",
      path,
      `a newer Assay wrote it (schema ${found}; this one knows up to ${known})`,
      `Update Assay, or ${lower(otherFolder)}`,
    ),
  notFolder: (path: string) => make("store.notFolder", path, "it is a file, not a folder", otherFolder),
  artifactMissing: (sha256: string, folder: string) =>
    make(
      "artifact.missing",
      sha256,
      `no artifact of this content lies in ${folder}`,
      "Run the cell that made it again, or import the bundle that holds it",
    ),
  artifactCorrupt: (path: string) =>
    make(
      "artifact.corrupt",
      path,
      "its bytes do not hash to its name",
      "Delete the file, then run the cell that made it again",
    ),
  exists: (path: string) =>
    make("export.exists", path, "it exists already", "Name a path that does not exist yet, or remove this one"),
  noRecord: (id: string, store: string) =>
    make(
      "record.unknown",
      id,
      `no record of this id lies in ${store}`,
      "Take an id from `assay records list`, or name another store with --store",
    ),
  ambiguous: (id: string, count: number, examples: readonly string[]) =>
    make(
      "record.ambiguous",
      id,
      `${count} records have it (${examples.join(", ")}${count > examples.length ? ", …" : ""})`,
      "Give more characters of the id",
    ),
} as const;

function make(code: string, input: string, reason: string, remedy: string, cause?: unknown): AssayError {
  return new AssayError({ code, input, reason, remedy }, cause === undefined ? undefined : { cause });
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Turns an error of the file system or of SQLite into one that says what the user can do. Other errors stay as they are. */
export function explained(error: unknown, path: string): unknown {
  if (error instanceof AssayError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|SQLITE_IOERR_WRITE|SQLITE_IOERR_SHMSIZE)$/.test(code))
    return storeProblem.full(path, error);
  if (/^(EACCES|EPERM|EROFS|SQLITE_READONLY.*|SQLITE_CANTOPEN.*|SQLITE_PERM)$/.test(code))
    return storeProblem.readOnly(path, error);
  if (/^(ENOTDIR|EEXIST)$/.test(code)) return storeProblem.notFolder(path);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return storeProblem.busy(path, error);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return storeProblem.corrupt(path, code, error);
  return code === "" ? error : storeProblem.failed(path, code, error);
}
