import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { AssayError } from "../protocol/problem.ts";
import { kernelProblem } from "../session/problems.ts";
import { runCommand } from "./run.ts";

/** The `assay` command. Exit codes: 0 done, 1 a cell failed, 2 wrong usage, 3 the kernel could not run, 130 interrupted. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("assay")
    .description("TypeScript notebooks for generative-media research, with a record per cell")
    .version(version())
    .exitOverride()
    .showHelpAfterError("(add --help for the options)");
  const run = runCommand();
  program.addCommand(run);
  // Loaded only when asked for, as is all that follows: a run must not wait for it.
  if (argv[2] === "records") program.addCommand((await import("./records.ts")).recordsCommand());
  else program.command("records", "look at the records that cell executions left", { hidden: false });
  if (argv[2] === "replay") program.addCommand((await import("./replay.ts")).replayCommand());
  else program.command("replay", "run an execution again, and say whether the same comes out", { hidden: false });
  if (argv[2] === "jupyter") program.addCommand((await import("./jupyter.ts")).jupyterCommand());
  else program.command("jupyter", "run TypeScript notebooks in Jupyter", { hidden: false });
  inherit(program);
  try {
    requireNode();
    if (argv[2] === "run" && argv.some((one) => /^(-h|--help)$/.test(one)))
      (await import("./run-help.ts")).describeParameters(run, argv);
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof AssayError) {
      process.stderr.write(`assay: ${error.message}\n`);
      process.exitCode = exitCodeOf(error);
    } else throw error;
  }
}

/** An older Node fails somewhere in the middle, in words that say nothing. */
function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 18)) throw kernelProblem.oldNode(process.version, process.execPath);
}

/** Assay's own version: its package lies two folders up, from source as from the bundle. */
function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Every command reports wrong usage the same way. */
function inherit(command: Command): void {
  for (const one of command.commands) {
    one.copyInheritedSettings(command);
    inherit(one);
  }
}

/** A wrong notebook or option is the user's, a store or kernel that does not work is not. */
function exitCodeOf({ code }: AssayError): number {
  return /^(notebook|option|record|parameter)\./.test(code) ? 2 : 3;
}

await main(process.argv);
