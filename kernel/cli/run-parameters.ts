import type { CellSource } from "../protocol/cell-source.ts";
import { closest, parameterTypeText, parameterValue, type WrittenParameters } from "../protocol/parameters.ts";
import { kernelProblem } from "../session/problems.ts";

/** What a run was given by `--param`. */
export interface GivenParameters {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Those that are variables: all but what `parameters({ … })` declares. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The values of `--param`, checked against what the notebook declares before anything runs. What it does not declare is JSON where it
 * is JSON and text otherwise, as long as the notebook declares nothing, or not all in a way that can be read from its text.
 */
export async function givenParameters(
  cells: readonly CellSource[],
  texts: Readonly<Record<string, string>>,
): Promise<GivenParameters> {
  const asked = Object.entries(texts);
  // The compiler is loaded only where there may be something to find.
  if (asked.length === 0 && !cells.some(mayRequire)) return { parameters: {}, variables: {} };
  const { writtenParameters } = await import("../language/parameters.ts");
  const written = writtenParameters(cells);
  const missing = written.parameters.find(({ name, required }) => required && !Object.hasOwn(texts, name));
  if (missing) throw kernelProblem.parameterMissing(missing.name, parameterTypeText(missing));
  const parameters = asked.map(([name, text]): [string, unknown] => [name, givenValue(name, text, written)]);
  const called = new Set(written.parameters.flatMap(({ name, by }) => (by === "call" ? [name] : [])));
  return {
    parameters: Object.fromEntries(parameters),
    variables: Object.fromEntries(parameters.filter(([name]) => !called.has(name))),
  };
}

function givenValue(name: string, text: string, { parameters, complete }: WrittenParameters): unknown {
  const declared = parameters.find((one) => one.name === name);
  if (!declared) {
    const names = parameters.map((one) => one.name);
    if (complete && names.length > 0) throw kernelProblem.unknownParameter(name, closest(name, names), names);
    return parsedValue(text);
  }
  const checked = parameterValue(declared, text);
  if ("problem" in checked)
    throw kernelProblem.parameterValue(`${name}=${text}`, checked.problem.reason, checked.problem.remedy);
  // What its text does not tell, the cell knows: it reads the text by the type that it finds.
  return declared.exact || declared.type !== "any" ? checked.value : text;
}

/** Whether a cell may declare a parameter without a default. */
function mayRequire({ source, tags }: CellSource): boolean {
  if (tags?.includes("parameters")) return /^\s*(export\s+)?(let|var)\s+[^=]+?;?\s*(\/\/.*)?$/m.test(source);
  return /\btype\s*:/.test(source) && /\bparameters\b/.test(source);
}

/** JSON where it is JSON, text otherwise. */
function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
