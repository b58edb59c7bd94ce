import { Command, InvalidArgumentError } from "commander";
import type { ReplayVerdict } from "../protocol/record.ts";
import { type ReplayedExecution, replay } from "../session/replay.ts";
import { storeProblem } from "../store/problems.ts";
import { findExecution } from "../store/queries.ts";
import { shortId, table } from "./records-format.ts";
import { json, openStore, type Print, printOut, type StoreOptions, withStoreOptions } from "./records-store.ts";

interface ReplayOptions extends StoreOptions {
  readonly tolerance: number;
}

/** `assay replay ID`. Exit codes: 0 the same, 1 different, 3 cannot run, 130 interrupted. */
export function replayCommand(print: Print = printOut): Command {
  return withStoreOptions(new Command("replay"))
    .description("run an execution again, after all that ran before it, and say whether the same comes out")
    .argument("<id>", "an id, its end, the beginning of a content id, or `last`")
    .option("--tolerance <number>", "how far numbers may differ, relative to the larger one", positive, 0)
    .action(async (typed: string, options: ReplayOptions) => {
      const { folder, id } = find(typed, options);
      const stop = new AbortController();
      const interrupt = () => stop.abort();
      process.once("SIGINT", interrupt);
      try {
        const replayed = await replay({
          storeFolder: folder,
          executionId: id,
          tolerance: options.tolerance,
          signal: stop.signal,
          onStep: ({ source }, step, of) =>
            progress(`replaying ${step} of ${of}: ${source.trim().split("\n")[0] ?? ""}`),
        });
        progress("");
        print(options.json ? json(replayed.map(forMachines)) : forPeople(replayed));
        process.exitCode = exitCode(replayed.at(-1)?.verdict.verdict);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        process.exitCode = 130;
      } finally {
        process.off("SIGINT", interrupt);
      }
    });
}

function find(typed: string, options: StoreOptions): { folder: string; id: string } {
  using store = openStore(options);
  if (!store.database) throw storeProblem.noRecord(typed, store.folder);
  return { folder: store.folder, id: findExecution(store.database, typed, store.folder) };
}

function forMachines({ record, verdict }: ReplayedExecution): object {
  const { executionId, cellId, cellIndex, executionCount } = record;
  return { executionId, cellId, cellIndex, executionCount, ...verdict };
}

function forPeople(replayed: readonly ReplayedExecution[]): string {
  const rows = replayed.map(({ record, verdict }) => [
    shortId(record.executionId),
    String(record.cellIndex),
    `${record.epoch}.${record.executionCount}`,
    verdict.verdict,
    detail(verdict),
  ]);
  const diverging = replayed.find(({ verdict }) => verdict.verdict === "different");
  const summary = diverging
    ? `\n\nFirst to differ: cell ${diverging.record.cellIndex}, ${diverging.record.executionId}`
    : "";
  return `${table(["id", "cell", "run", "verdict", "outputs"], rows, process.stdout.columns ?? 120)}${summary}`;
}

function detail({ outputs, reason }: ReplayVerdict): string {
  const other = outputs.filter((one) => one.verdict !== "bit-identical").map((one) => `${one.name}: ${one.verdict}`);
  const same = outputs.length - other.length;
  return [reason ?? "", ...other, outputs.length > 0 && other.length > 0 ? `${same} the same` : ""]
    .filter((part) => part !== "")
    .join("; ");
}

function exitCode(verdict: ReplayVerdict["verdict"] | undefined): number {
  if (verdict === "bit-identical" || verdict === "within tolerance") return 0;
  return verdict === "different" ? 1 : 3;
}

/** One line that is overwritten, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value >= 0) || !Number.isFinite(value))
    throw new InvalidArgumentError("Give a number from 0, for example 1e-6.");
  return value;
}
