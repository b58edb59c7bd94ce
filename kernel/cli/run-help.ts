import { type Command, Help } from "commander";
import { writtenParameters } from "../language/parameters.ts";
import { parameterTypeText, type WrittenParameter, type WrittenParameters } from "../protocol/parameters.ts";
import { codeCells, readNotebook } from "./notebook-file.ts";
import { table } from "./records-format.ts";

/** Adds to the help of `assay run` the parameters of the notebook that is named beside `--help`; with `--json` they are all, as JSON. */
export function describeParameters(command: Command, argv: readonly string[]): void {
  const name = argv.slice(3).find((one) => /\.ipynb$/i.test(one));
  if (name === undefined) return;
  command.configureHelp({
    formatHelp(...asked) {
      const written = writtenParameters(codeCells(readNotebook(name)));
      if (argv.includes("--json")) return `${JSON.stringify(written.parameters, undefined, 2)}\n`;
      return `${Help.prototype.formatHelp.apply(this, asked)}\n${parametersText(name, written)}`;
    },
  });
}

function parametersText(name: string, { parameters, complete }: WrittenParameters): string {
  const title = `Parameters of ${name}:`;
  if (parameters.length === 0) return complete ? `${name} declares no parameters.\n` : `${title} known when it runs.\n`;
  const rows = parameters.map((one) => [`  ${one.name}`, typeText(one), defaultText(one), one.description ?? ""]);
  const more = complete ? "" : "  … and others, known when it runs\n";
  return `${title}\n${table(["  name", "type", "default", ""], rows, Number.POSITIVE_INFINITY)}\n${more}`;
}

function typeText(parameter: WrittenParameter): string {
  const computed = !parameter.exact && parameter.type === "any" && parameter.choices === undefined;
  return computed ? "" : parameterTypeText(parameter);
}

function defaultText({ required, default: value, defaultSource }: WrittenParameter): string {
  if (defaultSource !== undefined) return defaultSource.replace(/\s+/g, " ");
  return required ? "(required)" : (JSON.stringify(value) ?? "");
}
