import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { databaseName, makeStore } from "./location.ts";
import { migrations } from "./migrations/index.ts";
import { explained, storeProblem } from "./problems.ts";

/** An open record database. */
export type RecordDatabase = Database.Database;

/** Milliseconds that a statement waits for another process to finish its write. */
const busyTimeout = 5000;
/**
 * Kilobytes of the database that a writer keeps in its memory. Records are appended and hardly read again, so the driver's 16 MB would
 * only fill up with what nobody asks for.
 */
const cacheSize = 4000;

/**
 * Opens the database of a store for writing, makes it when missing, and brings its schema up to date.
 *
 * WAL with `synchronous = NORMAL`: a process that is killed loses nothing that it wrote; a power cut may lose the last
 * transactions, never the database. Throws `store.newer`, `store.readonly`, `store.full`, `store.busy` or `store.corrupt`.
 */
export function openDatabase(storeFolder: string): RecordDatabase {
  makeStore(storeFolder);
  const path = join(storeFolder, databaseName);
  let database: RecordDatabase | undefined;
  try {
    database = new Database(path, { timeout: busyTimeout });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma(`cache_size = ${-cacheSize}`);
    database.pragma("foreign_keys = ON");
    migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw explained(error, path);
  }
}

/**
 * Opens the database of a store for reading, or gives `undefined` when the store has none yet. Works while sessions write, and in a
 * folder that cannot be written. Throws `store.newer`, `store.busy` or `store.corrupt`.
 */
export function openForReading(storeFolder: string): RecordDatabase | undefined {
  const path = join(storeFolder, databaseName);
  if (!existsSync(path) || statSync(path).size === 0) return undefined;
  let database: RecordDatabase | undefined;
  try {
    database = readOnly(path);
    const found = schemaOf(database);
    if (found > migrations.length) throw storeProblem.newer(path, found, migrations.length);
    if (found === migrations.length) return database;
  } catch (error) {
    database?.close();
    throw explained(error, path);
  }
  // An older schema: one short opening for writing brings it up to date.
  database.close();
  openDatabase(storeFolder).close();
  return readOnly(path);
}

function readOnly(path: string): RecordDatabase {
  const database = new Database(path, { readonly: true, timeout: busyTimeout });
  try {
    database.prepare("select count(*) from sqlite_schema").get();
    return database;
  } catch (error) {
    database.close();
    // SQLite needs its shared-memory file to read in WAL mode, and a folder that cannot be written may lack it. A database that was
    // closed in order has no log beside it, so its file is the whole of it and can be read from memory.
    const denied = error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if (!denied || (log?.size ?? 0) > 0) throw error;
    const bytes = readFileSync(path);
    bytes[18] = 1;
    bytes[19] = 1;
    return new Database(bytes, { readonly: true });
  }
}

function migrate(database: RecordDatabase, path: string): void {
  if (schemaOf(database) === migrations.length) return;
  // `immediate` takes the write lock first, so that of two processes that open a new store one makes it and the other waits.
  database
    .transaction(() => {
      const found = schemaOf(database);
      if (found > migrations.length) throw storeProblem.newer(path, found, migrations.length);
      for (const step of migrations.slice(found)) bringUp(database, step, path);
      database.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}

function bringUp(database: RecordDatabase, step: string, path: string): void {
  try {
    database.exec(step);
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code === "SQLITE_ERROR")) throw error;
    throw storeProblem.corrupt(path, `another program made it: ${error.message}`, error);
  }
}

function schemaOf(database: RecordDatabase): number {
  return Number(database.pragma("user_version", { simple: true }));
}
