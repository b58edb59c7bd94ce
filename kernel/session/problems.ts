import { AssayError } from "../protocol/problem.ts";

/** The wording of every problem that the kernel and the command line report, in one place. */
export const kernelProblem = {
  noFile: (file: string) => make("notebook.missing", file, "there is no such file", "Check the path"),
  unreadable: (file: string, detail: string, cause?: unknown) =>
    make("notebook.unreadable", file, `it cannot be read (${detail})`, "Check its permissions", cause),
  notJson: (file: string, detail: string, cause?: unknown) =>
    make(
      "notebook.notJson",
      file,
      `it is not JSON (${detail})`,
      "Open it in a text editor and repair it, or restore it from version control",
      cause,
    ),
  notNotebook: (file: string, detail: string) =>
    make("notebook.invalid", file, `it is not a notebook: ${detail}`, "Name a Jupyter notebook of format 4 (.ipynb)"),
  wrongLanguage: (file: string, language: string) =>
    make(
      "notebook.language",
      file,
      `its cells are written in ${language}`,
      "Assay runs TypeScript and JavaScript notebooks; choose one of those",
    ),
  badOption: (option: string, reason: string, remedy: string) => make("option.invalid", option, reason, remedy),
  noCell: (asked: string, reason: string, near: string) => make("option.only", `--only ${asked}`, reason, near),
  unknownParameter: (name: string, near: string | undefined, declared: readonly string[]) =>
    make(
      "parameter.unknown",
      `--param ${name}`,
      "the notebook declares no such parameter",
      near === undefined
        ? declared.length === 0
          ? "It takes none"
          : `It takes ${declared.join(", ")}`
        : `Did you mean ${near}? It takes ${declared.join(", ")}`,
    ),
  parameterValue: (name: string, reason: string, remedy: string) =>
    make("parameter.value", `--param ${name}`, reason, remedy),
  parameterMissing: (name: string, type: string) =>
    make(
      "parameter.missing",
      `parameter ${name}`,
      `it has no default and was not given (${type})`,
      `Run with --param ${name}=…`,
    ),
  unwritable: (file: string, detail: string, cause?: unknown) =>
    make("output.unwritable", file, `it cannot be written (${detail})`, "Choose another place with -o", cause),
  badRequest: (method: string, detail: string) =>
    make("request.invalid", method, `its parameters cannot be used (${detail})`, "Send what the protocol describes"),
  variableGone: (name: string) =>
    make("variables.gone", name, "nothing is there any more", "Refresh the list of variables"),
  variableBusy: (name: string) =>
    make(
      "variables.busy",
      name,
      "it cannot be read while native code holds the cells' thread",
      "Try again when the cell goes on",
    ),
  cellProcess: (detail: string) =>
    make(
      "kernel.start",
      "cell process",
      `it ended before it was ready (${detail})`,
      "Run `assay doctor`, or reinstall Assay's packages with npm ci",
    ),
  oldNode: (version: string, path: string) =>
    make(
      "kernel.node",
      path,
      `it is Node ${version.replace(/^v/, "")}, and Assay needs 22.18 or newer`,
      "Install a newer Node from https://nodejs.org, or put one first on PATH",
    ),
  connectionFile: (file: string, reason: string, cause?: unknown) =>
    make(
      "jupyter.connection",
      file,
      reason,
      "Let a Jupyter client start the kernel: `jupyter console --kernel assay`",
      cause,
    ),
  noZeroMq: (detail: string, cause?: unknown) =>
    make("jupyter.zeromq", "zeromq", `the package cannot be loaded (${detail})`, "Run npm ci in Assay's folder", cause),
  bind: (address: string, detail: string, cause?: unknown) =>
    make(
      "jupyter.bind",
      address,
      `nothing can listen there (${detail})`,
      "Start the kernel again with free ports",
      cause,
    ),
  kernelName: (name: string) =>
    make(
      "option.kernelName",
      `--name ${name}`,
      "Jupyter takes letters, digits, points, hyphens and underscores only",
      "Choose another name",
    ),
  foreignKernel: (name: string, folder: string) =>
    make(
      "option.kernelName",
      `--name ${name}`,
      `${folder} was not written by Assay`,
      "Choose another name, or remove it",
    ),
  noKernel: (name: string, folder: string) =>
    make("option.kernelName", `--name ${name}`, `there is no ${folder}`, "See where it is with `assay jupyter list`"),
  kernelFolder: (folder: string, detail: string, cause?: unknown) =>
    make("jupyter.folder", folder, `it cannot be written (${detail})`, "Choose another place with --prefix", cause),
} as const;

/** What the user is told about the store while cells go on. */
export const storeNotice = {
  trouble: ({ message }: AssayError) =>
    `Not recorded: ${message} Cells run all the same; they are kept in memory and recorded as soon as that is possible.\n`,
  gone: (store: string) =>
    `The store ${store} was removed or replaced while this notebook ran, and its records are not there any more. Cells that start from now on are recorded in what is there now.\n`,
  recovered: (store: string, lost: number) =>
    `Recorded again in ${store}${lost === 0 ? ", with what ran meanwhile" : `, but for ${lost} executions for which there was no room in memory`}.\n`,
} as const;

function make(code: string, input: string, reason: string, remedy: string, cause?: unknown): AssayError {
  return new AssayError({ code, input, reason, remedy }, cause === undefined ? undefined : { cause });
}
