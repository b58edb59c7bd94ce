import { Command, InvalidArgumentError, Option } from "commander";
import { complianceModes } from "../protocol/compliance.ts";
import type { RunOptions } from "./run-contract.ts";
import { runNotebook } from "./run-notebook.ts";

/** `assay run NOTEBOOK`. */
export function runCommand(): Command {
  return new Command("run")
    .description("run the cells of a notebook from top to bottom, and record each")
    .argument("<notebook>", "a TypeScript notebook (.ipynb)")
    .option("-o, --output <file>", "write the executed notebook here")
    .option("--param <name=value>", "set a parameter of the notebook; repeatable", parameter)
    .option("--only <cell>", "run one cell, by number, id or tag, with just the cells that it needs")
    .addOption(new Option("--mode <mode>", "compliance mode (default: the notebook's)").choices(complianceModes))
    .option("--seed <number>", "seed of all random numbers (default: the notebook's)", wholeNumber)
    .option("--store <folder>", "where records and artifacts are kept (default: the nearest .assay/ upwards)")
    .option(
      "--timeout <seconds>",
      "longest time for a cell, and for what the cells leave pending (default: none, and 30)",
      positive,
    )
    .option("--allow-errors", "go on after a cell that fails")
    .option("--html <file>", "write a page with all results here")
    .option("--no-check", "do not check types")
    .option("--json", "print what each cell gave as JSON; with --help, the notebook's parameters")
    .action(async (notebook: string, { param = {}, ...options }: Omit<RunOptions, "param"> & Partial<RunOptions>) => {
      process.exitCode = await runNotebook(notebook, { ...options, param });
    });
}

function parameter(text: string, known: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value = ""] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=([\s\S]*)$/u.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("It must look like name=value, for example steps=200.");
  return { ...known, [name]: value };
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function positive(text: string): number {
  if (!(Number(text) > 0) || !Number.isFinite(Number(text)))
    throw new InvalidArgumentError("It must be a number of seconds above 0.");
  return Number(text);
}
