import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ExecutionRecord } from "../protocol/record.ts";
import { exportRecords } from "../store/export.ts";
import { storeProblem } from "../store/problems.ts";
import { findExecution, listExecutions } from "../store/queries.ts";
import { isIntact, readEnvironment, readRecord } from "../store/record-reader.ts";
import { type Compared, compareRecords, showDifferences } from "./records-diff.ts";
import { recordTable } from "./records-format.ts";
import { showRecord } from "./records-show.ts";
import {
  json,
  type OpenStore,
  openStore,
  type Print,
  printOut,
  type StoreOptions,
  withStoreOptions,
} from "./records-store.ts";

const states = ["running", "ok", "error", "interrupted", "crashed", "aborted"] as const;
const idHelp = "an id, its beginning or its end (6 characters or more), the beginning of a content id, or `last`";

/** `assay records list | show | diff | export`. */
export function recordsCommand(print: Print = printOut): Command {
  const records = new Command("records").description("look at the records that cell executions left");
  records.addCommand(listCommand(print));
  records.addCommand(showCommand(print));
  records.addCommand(diffCommand(print));
  records.addCommand(exportCommand(print));
  return records;
}

interface ListOptions extends StoreOptions {
  readonly status?: ExecutionRecord["state"];
  readonly cell?: string;
  readonly violations?: boolean;
  readonly limit: number;
}

function listCommand(print: Print): Command {
  return withStoreOptions(new Command("list"))
    .description("list executions, the newest last")
    .addOption(new Option("--status <state>", "only executions in this state").choices(states))
    .option("--cell <id>", "only executions of this cell")
    .option("--violations", "only executions whose outputs break their compliance mode")
    .option("--limit <count>", "how many, the newest", wholeNumber, 50)
    .action((options: ListOptions) => {
      using store = openStore(options);
      const { notebook, cell, status, violations: violating, limit } = options;
      const filter = { notebook: notebook !== undefined && existsSync(notebook) ? resolve(notebook) : notebook };
      const found = store.database ? listExecutions(store.database, { ...filter, cell, status, violating, limit }) : [];
      if (options.json) return print(json(found));
      if (found.length > 0) return print(recordTable(found, process.stdout.columns ?? 120));
      const any = store.database !== undefined && listExecutions(store.database, { limit: 1 }).length > 0;
      print(
        any
          ? `No record in ${store.folder} fits these options.`
          : `No records in ${store.folder} yet. Run a notebook, for example: assay run notebook.ipynb`,
      );
    });
}

function showCommand(print: Print): Command {
  return withStoreOptions(new Command("show"))
    .description("show all that the record of an execution holds")
    .argument("<id>", idHelp)
    .option("--full", "show standard output and standard error whole")
    .action((typed: string, options: StoreOptions & { readonly full?: boolean }) => {
      using store = openStore(options);
      const { record, environment } = read(store, typed);
      if (options.json) return print(json([record]));
      const intact = record.contentId === null ? undefined : isIntact(record);
      print(
        showRecord(record, { environment, intact, full: options.full ?? false, width: process.stdout.columns ?? 120 }),
      );
    });
}

function diffCommand(print: Print): Command {
  return withStoreOptions(new Command("diff"))
    .description("show in what two executions differ")
    .argument("<a>", idHelp)
    .argument("<b>", "the other")
    .action((a: string, b: string, options: StoreOptions) => {
      using store = openStore(options);
      const differences = compareRecords(read(store, a), read(store, b));
      if (options.json) return print(json(differences));
      print(differences.length === 0 ? "The two records say the same." : showDifferences(differences));
    });
}

function exportCommand(print: Print): Command {
  return withStoreOptions(new Command("export"))
    .description("write records with all that they refer to: a folder with artifacts, or one .json file without")
    .argument("<ids...>", idHelp)
    .requiredOption("-o, --out <path>", "the folder or the .json file to write")
    .option("--no-closure", "leave out the executions that these depend on")
    .action(async (typed: string[], options: StoreOptions & { readonly out: string; readonly closure: boolean }) => {
      using store = openStore(options);
      const { database, artifacts } = store;
      const ids = typed.map((id) => find(store, id));
      if (!database) return;
      const bundle = await exportRecords({ database, artifacts, ids, closure: options.closure, out: options.out });
      const { length } = bundle.missing;
      if (length > 0)
        process.stderr.write(
          `${length} artifacts that the records name are not in the store: ${bundle.missing.join(", ")}\n`,
        );
      if (options.json)
        print(
          json([
            {
              out: options.out,
              records: bundle.records.length,
              artifacts: bundle.artifacts.length,
              missing: bundle.missing,
            },
          ]),
        );
      else
        print(
          `${count(bundle.records.length, "record")} and ${count(bundle.artifacts.length, "artifact")} written to ${options.out}`,
        );
    });
}

function find(store: OpenStore, typed: string): string {
  if (!store.database) throw storeProblem.noRecord(typed, store.folder);
  return findExecution(store.database, typed, store.folder);
}

function read(store: OpenStore, typed: string): Compared & { readonly record: ExecutionRecord } {
  const id = find(store, typed);
  if (!store.database) throw storeProblem.noRecord(typed, store.folder);
  const record = readRecord(store.database, store.artifacts, id);
  const environment = record.environment === null ? undefined : readEnvironment(store.database, record.environment);
  return { record, environment };
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return value;
}
